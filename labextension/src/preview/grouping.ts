import type { Piece } from './pieces';

/** How many blocks, and how many letters, are rendered together at most. */
const MOST = 200;
export const LONGEST_GROUP = 20_000;

/** Pieces from `first` to `last`, both included, that are rendered as one block. */
interface Group {
  readonly first: number;
  readonly last: number;
}

/**
 * Puts blocks together that only together are right: from where an HTML element begins to where it ends, and the parts
 * of a formula or a footnote that Markdown takes for blocks.
 *
 * Law (`grouping.test.ts`): each piece is in one group, in order.
 */
export function grouped(pieces: readonly Piece[]): (readonly Piece[])[] {
  const found = [...elements(pieces), ...formulas(pieces), ...footnotes(pieces)].sort(
    (one, other) => one.first - other.first || other.last - one.last
  );
  const groups: (readonly Piece[])[] = [];
  let next = 0;
  for (const { first, last } of found) {
    if (first >= next) {
      pieces.slice(next, first).forEach(piece => groups.push([piece]));
      groups.push(pieces.slice(first, last + 1));
      next = last + 1;
    }
  }
  pieces.slice(next).forEach(piece => groups.push([piece]));
  return groups;
}

/** HTML elements over several blocks; the outermost ones that are not too long. */
function elements(pieces: readonly Piece[]): Group[] {
  const begun: number[] = [];
  const groups: Group[] = [];
  pieces.forEach(({ facts }, last) => {
    for (let opens = facts.opens; opens > 0; opens--) {
      begun.push(last);
    }
    let first: number | undefined;
    for (let closes = -facts.opens; closes > 0 && begun.length; closes--) {
      first = begun.pop();
    }
    if (first !== undefined && isShort(pieces, first, last)) {
      while (groups.length && groups.at(-1)!.first >= first) {
        groups.pop();
      }
      groups.push({ first, last });
    }
  });
  return groups;
}

function isShort(pieces: readonly Piece[], first: number, last: number): boolean {
  return last - first < MOST && pieces[last]!.to - pieces[first]!.from <= LONGEST_GROUP;
}

/** Formulas over several blocks without a blank line between them. */
function formulas(pieces: readonly Piece[]): Group[] {
  const groups: Group[] = [];
  for (let first = 0; first < pieces.length; first++) {
    let last = first;
    if (pieces[first]!.facts.opensMath) {
      do {
        last++;
      } while (
        last < pieces.length &&
        isNext(pieces, last) &&
        isShort(pieces, first, last) &&
        !pieces[last]!.facts.opensMath
      );
      if (last < pieces.length && isNext(pieces, last) && isShort(pieces, first, last)) {
        groups.push({ first, last });
        first = last;
      }
    }
  }
  return groups;
}

/** A footnote of which the first line looks like a link definition. */
function footnotes(pieces: readonly Piece[]): Group[] {
  return pieces.flatMap(({ name, facts }, first) => {
    const next = pieces[first + 1];
    const goesOn =
      name === 'LinkReference' &&
      facts.footnotes &&
      next?.name === 'Paragraph' &&
      !next.facts.footnotes &&
      isNext(pieces, first + 1);
    return goesOn ? [{ first, last: first + 1 }] : [];
  });
}

/** Whether a piece begins on the line after the one before it. */
function isNext(pieces: readonly Piece[], index: number): boolean {
  return pieces[index]!.from - pieces[index - 1]!.to === 1;
}
