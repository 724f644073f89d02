/** A piece of a line; `isHit` where a search has found it. */
export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** A line in pieces, so that the places can be marked where a word begins as one of the query does. */
export function piecesOf(line: string, query: string): readonly Piece[] {
  const words = query.normalize('NFC').split(/\s+/).filter(Boolean).map(escaped);
  if (words.length === 0) {
    return [{ text: line, isHit: false }];
  }
  words.sort((a, b) => b.length - a.length);
  const hit = new RegExp(`(?<![\\p{L}\\p{N}])(${words.join('|')})`, 'giu');
  // Between the texts that divide it, `split` has the dividing ones.
  return line
    .normalize('NFC')
    .split(hit)
    .map((text, index) => ({ text, isHit: index % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** A snippet of a text as it is read: without marks of Markdown, and without front matter before what was found. */
export function readableSnippet(snippet: string, query: string): string {
  const [, front = '', rest = ''] = /^(.*)(?:^|\s)---\s(.*)$/s.exec(snippet) ?? [];
  const isBehind = /[\w-]+: /.test(front) && piecesOf(rest, query).some(({ isHit }) => isHit);
  return (isBehind ? rest : snippet)
    .replace(/(^|\s)(?:(?:#{1,6}|[>|]|---)\s)+/g, '$1')
    .replace(/\*\*|~~|`/g, '')
    .trim();
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replace(/\\-/g, '\\x2d');
}
