import { Text } from '@codemirror/state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parsed, parseInSteps, unchanged } from '../../src/markdown/textParsing';
import { BlockReader } from '../../src/preview/blockReader';
import { finish } from '../../src/text';
import { blocksOf, keys, read, sources } from './read';

describe('blocks of a text', () => {
  it('are its headings, paragraphs, lists, tables, code and so on', () => {
    const text =
      '# A\n\nOne\ntwo.\n\n- x\n- y\n\n```py\na = 1\n\nb\n```\n\n| a |\n|---|\n| 1 |\n\n> q\n';
    expect(sources(text)).toEqual([
      '# A',
      'One\ntwo.',
      '- x\n- y',
      '```py\na = 1\n\nb\n```',
      '| a |\n|---|\n| 1 |',
      '> q'
    ]);
  });

  it('hold the indentation of their first line', () => {
    expect(sources('  - a\n  - b\n\nText')[0]).toBe('  - a\n  - b');
    expect(sources('x\n\n    code\n')).toEqual(['x', '    code']);
  });

  it('have no comments and no link definitions', () => {
    expect(sources('<!-- no -->\n\nYes [a].\n\n[a]: https://a.example\n')).toEqual([
      'Yes [a].\n\n[a]: https://a.example\n'
    ]);
  });

  it('are one from where an HTML element begins to where it ends', () => {
    const text = '<details>\n<summary>More</summary>\n\nHidden *text*.\n\n</details>\n\nAfter.\n';
    expect(sources(text)).toEqual([text.slice(0, text.indexOf('\n\nAfter')), 'After.']);
  });

  it('are rendered one by one after an HTML element that never ends', () => {
    expect(sources('<details>\n\nA\n\nB\n')).toEqual(['<details>', 'A', 'B']);
  });

  it('are one where a formula looks like several', () => {
    expect(sources('$$\na\n- b\n$$\n\nAfter.\n')).toEqual(['$$\na\n- b\n$$', 'After.']);
  });

  it('know where their task boxes are', () => {
    const text = 'x\n\n- [ ] one\n- [x] two\n  - [ ] three\n- none\n';
    const { blocks } = read(text);
    const list = blocks[1]!;
    expect(list.tasks.map(task => text.slice(list.from + task, list.from + task + 3))).toEqual([
      '[ ]',
      '[x]',
      '[ ]'
    ]);
  });

  it('are parts of a long list or table, which go on with their numbers and have the table’s head', () => {
    const list = Array.from({ length: 500 }, (_, at) => `1. an item of the list, item ${at}`).join(
      '\n'
    );
    const parts = read(list).blocks;
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.map(({ content }) => content.isContinued)).toEqual(parts.map((_, at) => at > 0));
    const before = list.slice(0, parts[1]!.from).split('\n').length - 1;
    expect(parts[1]!.content.source).toMatch(new RegExp(`^${before + 1}\\. an item`));

    const table = `| a | b |\n|---|---|\n${'| some | words in cells |\n'.repeat(600)}`;
    const rows = read(table).blocks;
    expect(rows.length).toBeGreaterThan(1);
    rows.forEach(({ content }) => expect(content.source).toMatch(/^\| a \| b \|\n\|---\|---\|\n/));
  });

  it('show what is too long as it was written, in parts', () => {
    const text = 'word '.repeat(30_000).trim();
    const { blocks } = read(text);
    expect(blocks.every(({ content }) => content.form === 'plain')).toBe(true);
    expect(blocks.map(({ content }) => content.source).join('')).toBe(text);
  });
});

describe('a text that would take long to render', () => {
  it.each([
    ['backticks', '`'.repeat(100)],
    ['emphasis', '*a_'.repeat(1_000)],
    ['a word', 'a.'.repeat(3_000)],
    ['formulas', '$a$ '.repeat(300)],
    ['elements', 'a<b>'.repeat(2_000)],
    ['backticks in code', `    ${'`'.repeat(100)}`]
  ])('%s is shown as it was written', (_, text) => {
    expect(read(text).blocks[0]!.content).toMatchObject({ form: 'plain', source: text });
  });

  it('code with many marks is code', () => {
    const code = `\`\`\`\n${'*a_'.repeat(1_000)}\n\`\`\``;
    expect(read(code).blocks[0]!.content.form).toBe('markdown');
  });
});

const line = fc.constantFrom(
  '# Head',
  'Text with [a] and [b][] and [^n].',
  '- item',
  '  - [ ] nested',
  '1. one',
  '> quote',
  '```',
  '<div>',
  '</div>',
  '$$',
  '| a | b |',
  '|---|---|',
  '[a]: https://a.example',
  '[^n]: A note',
  '    code',
  '',
  '---'
);
const texts = fc.array(line, { maxLength: 40 }).map(lines => lines.join('\n'));

describe('laws', () => {
  it('the blocks ascend, do not overlap, and hold their tasks', () => {
    fc.assert(
      fc.property(texts, text => {
        let last = 0;
        for (const { from, to, tasks } of read(text).blocks) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          expect(tasks.every(task => /^\[[ xX]\]/.test(text.slice(from + task)))).toBe(true);
          last = to;
        }
      })
    );
  });

  it('the blocks are the same in whatever chunks the text was parsed, and whatever it was before', () => {
    const changes = fc.array(
      fc.record({ at: fc.nat(), length: fc.nat({ max: 30 }), insert: texts }),
      {
        maxLength: 5
      }
    );
    fc.assert(
      fc.property(texts, changes, fc.integer({ min: 1, max: 60 }), (start, list, size) => {
        const reader = new BlockReader();
        let doc = Text.of(start.split('\n'));
        let now = finish(parseInSteps(doc, { size }));
        expect([...finish(reader.read(now))]).toEqual(read(start).blocks);
        for (const { at, length, insert } of list) {
          const from = at % (doc.length + 1);
          const to = Math.min(doc.length, from + length);
          const range = { fromA: from, toA: to, fromB: from, toB: from + insert.length };
          doc = doc.replace(from, to, Text.of(insert.split('\n')));
          now = finish(parseInSteps(doc, { known: unchanged(now, [range]), size }));
          expect([...finish(reader.read(now))]).toEqual(read(doc.toString()).blocks);
        }
      })
    );
  });

  it('parts of a long list, table or quote are the same in whatever chunks it was parsed', () => {
    const long = [
      Array.from({ length: 900 }, (_, at) => `${at + 7}. item [a] ${at * at}`).join('\n'),
      Array.from({ length: 900 }, (_, at) => `- [ ] item ${at * at}\n\n  more`).join('\n'),
      `| a |\n|---|\n${Array.from({ length: 900 }, (_, at) => `| row ${at * at} |`).join('\n')}`,
      Array.from({ length: 2_000 }, (_, at) => `> line ${at * at}\n>`).join('\n')
    ];
    for (const text of long) {
      const content = `before\n\n${text}\n\nafter\n\n[a]: https://a.example\n`;
      const whole = [...blocksOf(content, new BlockReader(), Infinity)];
      expect(whole.length).toBeGreaterThan(3);
      expect([...blocksOf(content, new BlockReader(), 100)]).toEqual(whole);
      const reader = new BlockReader();
      expect([...blocksOf(content, reader)]).toEqual(whole);
      let doc = Text.of(content.split('\n'));
      let now = parsed(doc);
      for (const line of [3, 300, 301, 302, 700, 5, 600]) {
        const at = doc.line(line).to;
        doc = doc.replace(at, at, Text.of(['x']));
        const range = { fromA: at, toA: at, fromB: at, toB: at + 1 };
        now = finish(parseInSteps(doc, { known: unchanged(now, [range]) }));
        expect([...finish(reader.read(now))]).toEqual([...blocksOf(doc.toString())]);
      }
    }
  });

  it('a change of one paragraph changes one key', () => {
    fc.assert(
      fc.property(texts, texts, (above, below) => {
        const around = (word: string) => `${above}\n\n# begin\n\n${word}\n\n# end\n\n${below}`;
        // An open fence or element above swallows the paragraph; then its own block changes.
        const [before, after] = [keys(around('one')), keys(around('two'))];
        expect(after).toHaveLength(before.length);
        expect(after.filter((key, at) => key !== before[at]).length).toBeLessThanOrEqual(1);
      })
    );
  });

  it('a definition that changes changes the blocks that refer to it', () => {
    const text = (address: string) => `See [a].\n\nAnd [b].\n\n[a]: ${address}\n\n[b]: x\n`;
    const [before, after] = [keys(text('https://one')), keys(text('https://two'))];
    expect(before.map((key, at) => key !== after[at])).toEqual([true, false]);
  });
});
