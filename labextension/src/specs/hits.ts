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

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replace(/\\-/g, '\\x2d');
}
