import { Attribution, type Run } from '../text';
import type { Replica } from './replica';

/** The version of letters that the server has not acknowledged yet: newer than any. */
export const UNSAVED = Infinity;

/** Who made a version: the userId, and when, in whole seconds since 1970. */
export interface Byline {
  readonly userId: string;
  readonly time: number;
}

/** How many versions a page of {@link Bylines} has. */
const PAGE = 256;

/**
 * Who made which version, as a value. One version more costs about the same after a million as after ten: only the
 * last page is copied.
 */
export class Bylines {
  private constructor(
    /** Of the versions up to `until`. */
    private readonly told: ReadonlyMap<number, Byline>,
    private readonly until: number,
    /** Of all versions after it. */
    private readonly pages: readonly (readonly Byline[])[]
  ) {}

  /** Of versions up to `until`, as far as they are known. */
  static of(told: ReadonlyMap<number, Byline>, until: number): Bylines {
    return new Bylines(told, until, []);
  }

  get(version: number): Byline | undefined {
    const index = version - this.until - 1;
    return index < 0
      ? this.told.get(version)
      : this.pages[Math.floor(index / PAGE)]?.[index % PAGE];
  }

  /** With the next version. */
  and(byline: Byline): Bylines {
    const last = this.pages.at(-1);
    const pages =
      last && last.length < PAGE
        ? [...this.pages.slice(0, -1), [...last, byline]]
        : [...this.pages, [byline]];
    return new Bylines(this.told, this.until, pages);
  }
}

/** What `GET …/attribution` answers. */
export interface AttributionAnswer {
  readonly version: number;
  readonly runs: readonly (readonly [
    length: number,
    version: number,
    person: number,
    time: number
  ])[];
  readonly people: readonly {
    readonly userId: string;
    readonly userName: string;
    readonly color: string;
  }[];
}

/**
 * Who wrote which letter of the committed text at a version: a value, replaced by each of the functions below.
 *
 * Law (`authorship.test.ts`): brought on by a replica it is what the server tells of the replica's version, and the
 * letters of the shown text that the server has not acknowledged are `UNSAVED`.
 */
export interface Authorship {
  readonly epoch: string;
  readonly version: number;
  readonly attribution: Attribution;
  /** Who made each version that has a letter, and some that have none any more. */
  readonly bylines: Bylines;
}

/** The authorship that the server told of a version of the history `epoch`. */
export function authorshipOf(epoch: string, answer: AttributionAnswer): Authorship {
  const told = new Map<number, Byline>();
  for (const [, version, person, time] of answer.runs) {
    told.set(version, { userId: answer.people[person].userId, time });
  }
  const attribution = Attribution.of(
    answer.runs.map(([length, version]): Run => [length, version])
  );
  return { epoch, version: answer.version, attribution, bylines: Bylines.of(told, answer.version) };
}

/**
 * The authorship of the replica's committed text. `me` is the page's user, and `now` the present second, which is
 * the time of what has just been acknowledged.
 *
 * `null` where the replica has another history, or does not remember the operations since: then the server has to
 * be asked again. Where the replica is behind, it is the same, until the replica has caught up.
 */
export function broughtOn(
  authorship: Authorship,
  replica: Replica,
  me: string,
  now: number
): Authorship | null {
  if (replica.epoch !== authorship.epoch) {
    return null;
  }
  if (replica.version <= authorship.version) {
    return authorship;
  }
  const steps = replica.recentVersions.since(authorship.version);
  if (!steps) {
    return null;
  }
  let { attribution, version, bylines } = authorship;
  for (const { operation, userId, authorId, timestamp } of steps) {
    version++;
    attribution = attribution.apply(operation, version);
    const time = timestamp ? Math.floor(Date.parse(timestamp) / 1000) : now;
    bylines = bylines.and({ userId: authorId ?? userId ?? me, time });
  }
  return { ...authorship, version, attribution, bylines };
}

/**
 * The attribution of the shown text: that of the committed one, and what is pending over it; `null` where they are of
 * different versions.
 */
export function shownAttribution(
  { version, attribution }: Authorship,
  replica: Replica
): Attribution | null {
  if (version !== replica.version) {
    return null;
  }
  const { outstanding, buffer } = replica.pending;
  return [outstanding, buffer].reduce(
    (shown, edit) => (edit ? shown.apply(edit.operation, UNSAVED) : shown),
    attribution
  );
}
