import { type Clock, Listeners } from '../../runtime';
import type { HistoryApi, Sitting } from '../../server/history';

/** Sittings a request, and how many are loaded at most. */
const PAGE = 100;
const MOST = 3_000;
/** How many of the newest are asked for when the spec has come to later versions. */
const NEWEST = 5;
/** Milliseconds between two requests. */
const PAUSE = 50;
/** Milliseconds without a new version after which the newest sittings are asked for. */
const QUIET = 3_000;

/** A version that has a label. */
export interface Flag {
  readonly version: number;
  readonly label: string;
}

/**
 * The sittings of a spec, and the labels among them, newest first as they come from the server.
 *
 * Law (`sliderParts.test.ts`): each version is in at most one of them, and no more than 3,000 are kept.
 */
export class SittingMarks {
  readonly changed = new Listeners<void>();
  /** Oldest first. */
  private found: readonly Sitting[] = [];
  private cancel: () => void = () => undefined;
  private isClosed = false;
  private newest = 0;

  constructor(
    private readonly api: Pick<HistoryApi, 'sittings'>,
    private readonly specId: string,
    private readonly clock: Clock
  ) {}

  /** Those that are known, oldest first. */
  get all(): readonly Sitting[] {
    return this.found;
  }

  get flags(): readonly Flag[] {
    return this.found.flatMap(({ revisions }) =>
      revisions.flatMap(({ version, label }) => (label === null ? [] : [{ version, label }]))
    );
  }

  /** The sitting in which a version was made; `null` if it is not known. */
  at(version: number): Sitting | null {
    const found = this.found[this.indexAt(version)];
    return found && found.fromVersion < version ? found : null;
  }

  /** The end of the sitting before the one that a version is in; `first` where none is known. */
  endBefore(version: number, first: number): number {
    const index = this.found.findLastIndex(({ toVersion }) => toVersion < version);
    return Math.max(first, this.found[index]?.toVersion ?? this.found[0]?.fromVersion ?? first);
  }

  /** The end of the sitting that a version is in or before; of the next one, if it is the end. */
  endAfter(version: number, last: number): number {
    return Math.min(last, this.found[this.indexAt(version + 1)]?.toVersion ?? last);
  }

  /** The end of a sitting that is nearest to a version; the version itself if none is known. */
  nearestEnd(version: number): number {
    const index = this.indexAt(version);
    const ends = [this.found[index - 1], this.found[index]].flatMap(each => each?.toVersion ?? []);
    return (
      ends.sort((one, other) => Math.abs(one - version) - Math.abs(other - version))[0] ?? version
    );
  }

  /** Loads all of them, page by page. Rejects with `SpecError` if the first page can't be had. */
  async load(): Promise<void> {
    let before: number | null = null;
    do {
      const page = await this.api.sittings(this.specId, { before, limit: PAGE });
      if (this.isClosed) {
        return;
      }
      this.take(page.sittings);
      before = page.nextBefore;
      await new Promise<void>(resolve => {
        this.clock.after(PAUSE, resolve);
      });
    } while (before !== null && this.found.length < MOST && !this.isClosed);
  }

  /** The spec has come to a later version. */
  extend(version: number): void {
    if (version > this.newest) {
      this.newest = version;
      this.cancel();
      this.cancel = this.clock.after(QUIET, () => this.renew());
    }
  }

  dispose(): void {
    this.isClosed = true;
    this.cancel();
  }

  private renew(): void {
    this.api.sittings(this.specId, { limit: NEWEST }).then(
      ({ sittings }) => this.isClosed || this.take(sittings),
      () => undefined // the next version asks again
    );
  }

  /** Puts sittings, newest first, in the place of those that they continue. */
  private take(sittings: readonly Sitting[]): void {
    const taken = [...sittings].reverse();
    const [from, to] = [taken[0]?.fromVersion ?? 0, taken.at(-1)?.toVersion ?? 0];
    this.found = [
      ...this.found.filter(({ toVersion }) => toVersion <= from),
      ...taken,
      ...this.found.filter(({ fromVersion }) => fromVersion >= to)
    ].slice(-MOST);
    this.changed.tell();
  }

  /** The index of the first that ends at or after a version. */
  private indexAt(version: number): number {
    const index = this.found.findIndex(({ toVersion }) => toVersion >= version);
    return index < 0 ? this.found.length : index;
  }
}
