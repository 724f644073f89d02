import type { Byline } from '../../sync/authorship';
import {
  Attribution,
  codePointLength,
  type Operation,
  type Run,
  transformPosition
} from '../../text';
import { ToldBylines } from './toldBylines';

/** How many places of removals are kept; of more, neighbours are told as one. */
const MOST_GONE = 200;

/** Where it is not known who it was. */
const NOBODY: Byline = { userId: '', time: 0 };

/** A place where others removed letters, in code points. */
export interface Gone {
  readonly at: number;
  /** The version that removed them, or one before it. */
  readonly version: number;
  readonly by: Byline;
  readonly isSeen: boolean;
}

/**
 * What others have changed in a text since its reader was there last: a value, replaced by each of the functions below.
 *
 * Law (`fresh.test.ts`): following each code point one by one tells the same letters as new.
 */
export interface Fresh {
  /** For each code point: 0 if it is not new, the version that brought it, or less than 0 once it was seen. */
  readonly letters: Attribution;
  /** From left to right. */
  readonly gone: readonly Gone[];
  /** Who made each version that `letters` tell, and some others. */
  readonly bylines: ToldBylines;
}

/** A range of new letters, or a place where letters are gone, of one version. */
export interface FreshPiece {
  readonly from: number;
  readonly to: number;
  readonly version: number;
  readonly by: Byline;
  readonly isSeen: boolean;
}

/** Nothing new in a text of this length. */
export function nothingFresh(length: number): Fresh {
  return { letters: Attribution.of([[length, 0]]), gone: [], bylines: new ToldBylines() };
}

/** What is new in an attributed text: what others than `me` wrote after version `since` and the server has. */
export function freshSince(
  attribution: Attribution,
  bylines: { get(version: number): Byline | undefined },
  since: number,
  me: string
): Fresh {
  const told = new ToldBylines();
  const runs = attribution.runs.map(([length, version]): Run => {
    const byline = version > since ? bylines.get(version) : undefined;
    if (!byline || byline.userId === me) {
      return [length, 0];
    }
    told.add(version, byline);
    return [length, version];
  });
  return { letters: Attribution.of(runs), gone: [], bylines: told };
}

/** The user edited: nothing of that is new. */
export function edited(fresh: Fresh, operation: Operation): Fresh {
  return { ...moved(fresh, operation), letters: fresh.letters.apply(operation, 0) };
}

/**
 * Somebody else edited, in a version after all others. Letters that are gone are told where nothing came in their
 * place, unless they were new themselves.
 */
export function arrived(
  fresh: Fresh,
  operation: Operation,
  version: number,
  byline: Byline
): Fresh {
  const { components } = operation;
  let next = moved(fresh, operation);
  let [base, position] = [0, 0];
  components.forEach((component, index) => {
    if (typeof component === 'string') {
      position += codePointLength(component);
      return;
    }
    const isReplaced = [index - 1, index + 1].some(each => typeof components[each] === 'string');
    if (component < 0 && !isReplaced && isKnown(fresh, base, base - component)) {
      next = withGone(next, [{ at: position, version, by: byline, isSeen: false }]);
    }
    base += Math.abs(component);
    position += Math.max(component, 0);
  });
  const letters = fresh.letters.apply(operation, version);
  fresh.bylines.add(version, byline);
  fresh.bylines.forgetUnless(letters);
  return { ...next, letters };
}

/** Whether some of the letters in a range were there before. */
function isKnown({ letters }: Fresh, from: number, to: number): boolean {
  return letters.within(from, to).some(([, version]) => version === 0);
}

/** Others removed letters at these places. */
export function withGone(fresh: Fresh, places: readonly Gone[]): Fresh {
  const byPlace = new Map([...fresh.gone, ...places].map(each => [each.at, each]));
  let gone: readonly Gone[] = [...byPlace.values()].sort((one, other) => one.at - other.at);
  while (gone.length > MOST_GONE) {
    gone = thinned(gone);
  }
  return { ...fresh, gone };
}

/** The user saw what stands from `from` to `to`. The same value where nothing of it was unseen. */
export function seen(fresh: Fresh, from: number, to: number): Fresh {
  const { letters } = fresh;
  const within = letters.within(from, to);
  const isGoneSeen = (each: Gone) => each.isSeen || (each.at >= from && each.at <= to);
  const hasGone = fresh.gone.some(each => !each.isSeen && isGoneSeen(each));
  if (!hasGone && within.every(([, version]) => version <= 0)) {
    return fresh;
  }
  const runs = [
    ...letters.within(0, from),
    ...within.map(([length, version]): Run => [length, version > 0 ? -version : version]),
    ...letters.within(to, letters.length)
  ];
  const gone = fresh.gone.map(each => ({ ...each, isSeen: isGoneSeen(each) }));
  return { ...fresh, letters: Attribution.of(runs), gone };
}

/** The lowest version of which something was not seen; `null` if all was. It costs as much as the last edits touched. */
export function oldestUnseen({ letters, gone }: Fresh): number | null {
  let oldest = Infinity;
  for (const chunk of letters.chunks) {
    oldest = Math.min(oldest, oldestIn(chunk));
  }
  for (const { version, isSeen } of gone) {
    oldest = isSeen ? oldest : Math.min(oldest, version);
  }
  return Number.isFinite(oldest) ? oldest : null;
}

type Chunk = Attribution['chunks'][number];

const oldestOf = new WeakMap<Chunk, number>();

/** The lowest version of a chunk that was not seen, found once: chunks never change. */
function oldestIn(chunk: Chunk): number {
  let oldest = oldestOf.get(chunk);
  if (oldest === undefined) {
    oldest = Infinity;
    for (const [, version] of chunk.runs) {
      oldest = version > 0 ? Math.min(oldest, version) : oldest;
    }
    oldestOf.set(chunk, oldest);
  }
  return oldest;
}

/** The pieces between two places, seen or not, from left to right. */
export function piecesBetween(
  { letters, gone, bylines }: Fresh,
  from: number,
  to: number
): FreshPiece[] {
  const pieces: FreshPiece[] = [];
  let position = from;
  for (const [length, version] of letters.within(from, to)) {
    if (version !== 0) {
      pieces.push({
        from: position,
        to: position + length,
        version: Math.abs(version),
        by: bylines.get(Math.abs(version)) ?? NOBODY,
        isSeen: version < 0
      });
    }
    position += length;
  }
  for (const { at, version, by, isSeen } of gone) {
    if (at >= from && at <= to) {
      pieces.push({ from: at, to: at, version, by, isSeen });
    }
  }
  return pieces.sort((one, other) => one.from - other.from);
}

/** Whether there is nothing new, seen or not. */
export function isNothing({ letters, gone }: Fresh): boolean {
  return gone.length === 0 && letters.chunks.every(({ runs }) => runs.every(([, each]) => !each));
}

function moved(fresh: Fresh, operation: Operation): Fresh {
  if (fresh.gone.length === 0) {
    return fresh;
  }
  const gone = fresh.gone.map(each => ({ ...each, at: transformPosition(each.at, operation) }));
  return { ...fresh, gone };
}

/** One of each two neighbours, with the lower version, and unseen if one of them is. */
function thinned(gone: readonly Gone[]): readonly Gone[] {
  return gone.flatMap((each, index) => {
    const next = gone[index + 1];
    if (index % 2 === 1) {
      return [];
    }
    return {
      at: each.at,
      by: each.by,
      version: Math.min(each.version, next?.version ?? Infinity),
      isSeen: each.isSeen && (next?.isSeen ?? true)
    };
  });
}
