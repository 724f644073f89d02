import type { TintedPiece } from '../../editor/authorTint';
import type { Byline } from '../../sync/authorship';
import type { Attribution, Steps } from '../../text';
import { AGES, ageOf } from './ages';
import type { TintMode } from './choice';

/** How many patterns there are beside the colours. */
export const PATTERNS = 5;
/** How many runs are counted before somebody else may have a turn. */
const STEP = 5_000;

/** What letters are told by: everything that the tint depends on. */
export interface Telling {
  readonly mode: TintMode;
  /** The present second. */
  readonly now: number;
  /** Who made a version, and when. */
  bylineOf(version: number): Byline | null;
  /** Whether what this version brought is told of. */
  isTold(version: number, byline: Byline): boolean;
  colourOf(userId: string): string;
  /** A number for each person: people with the same pattern have different colours. */
  patternOf(userId: string): number;
}

/** The class of a letter's look. */
export function lookOf(
  telling: Telling,
  { userId, time }: Byline
): Omit<TintedPiece, 'from' | 'to'> {
  return telling.mode === 'age'
    ? { className: `cm-specAge cm-specAge-${ageOf(time, telling.now)}`, colour: null }
    : {
        className: `cm-specAuthor cm-specAuthor-${telling.patternOf(userId) % PATTERNS}`,
        colour: telling.colourOf(userId)
      };
}

/**
 * The pieces of a range that look alike. Letters that are not told of are in none.
 *
 * Law (`authors.test.ts`): each told letter is in exactly one piece, with the look of its author or age.
 */
export function piecesOf(
  attribution: Attribution,
  from: number,
  to: number,
  telling: Telling
): readonly TintedPiece[] {
  const pieces: TintedPiece[] = [];
  let at = from;
  for (const [length, version] of attribution.within(from, to)) {
    const byline = telling.bylineOf(version);
    if (byline && telling.isTold(version, byline)) {
      const look = lookOf(telling, byline);
      const last = pieces.at(-1);
      if (last?.to === at && last.className === look.className && last.colour === look.colour) {
        pieces[pieces.length - 1] = { ...last, to: at + length };
      } else {
        pieces.push({ ...look, from: at, to: at + length });
      }
    }
    at += length;
  }
  return pieces;
}

/** How many letters of a text are whose, and how old. */
export interface Shares {
  readonly letters: number;
  /** Letters that are told of, by userId; those of most letters first. */
  readonly people: readonly (readonly [userId: string, letters: number])[];
  /** The same by age, from the newest on. */
  readonly ages: readonly number[];
}

/** Counts the letters of a whole text. */
export function* sharesOf(attribution: Attribution, telling: Telling): Steps<Shares> {
  const people = new Map<string, number>();
  const ages = AGES.map(() => 0);
  let counted = 0;
  for (const { runs } of attribution.chunks) {
    for (const [length, version] of runs) {
      const byline = telling.bylineOf(version);
      if (byline && telling.isTold(version, byline)) {
        people.set(byline.userId, (people.get(byline.userId) ?? 0) + length);
        ages[ageOf(byline.time, telling.now)]! += length;
      }
    }
    counted += runs.length;
    if (counted >= STEP) {
      counted = 0;
      yield;
    }
  }
  return {
    letters: attribution.length,
    people: [...people].sort((one, other) => other[1] - one[1]),
    ages
  };
}
