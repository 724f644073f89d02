const BLOCKS = [
  'The limit of each **call** is told to `all` who ask for it. See [the record](adr/0001.md).',
  '- one\n- two, and more\n  with a second line\n- three',
  '| name | value |\n| --- | --- |\n| a | 1 |\n| b | 2 |',
  '```python\nvalue = compute(1)\n\n# not a heading\n```',
  '> Somebody said so,\n> and wrote it down.',
  '1. first\n2. second\n\n   still the second'
];

/** A Markdown text of at least `length` UTF-16 units, with blocks of all kinds. */
export function specOf(length: number): string {
  const parts = ['---\ntitle: A long spec\n---\n\n# A long spec\n\n'];
  for (let [size, number] = [parts[0].length, 0]; size < length; number++) {
    const heading = number % 8 === 0 ? `## Section ${number}\n\n` : '';
    const part = `${heading}${BLOCKS[number % BLOCKS.length]}\n\n`;
    parts.push(part);
    size += part.length;
  }
  return parts.join('');
}
