import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type { Clock } from '../runtime';
import { asSpecError, type SpecError } from '../server/error';
import type { HistoryApi, Sitting, SittingPerson } from '../server/history';
import { EVERYTHING, type HistoryChoice, isShown } from './choice';

/** Sittings per request; where most of them are left out in the page, as many as the server gives. */
const PAGE = 20;
const LARGE_PAGE = 100;
/** Requests that one call for more sends at most, where it finds nothing to show. */
const REQUESTS = 5;
/** Milliseconds without an edit after which the newest sittings are asked for, and the longest time without asking. */
export const QUIET = 1500;
export const PATIENCE = 6000;
/** How many of the newest sittings are asked for then. */
const NEWEST = 5;

/** What the history shows; each change replaces the whole value. */
export interface HistoryState {
  /** All that were loaded, newest first. */
  readonly loaded: readonly Sitting[];
  /** Those of them that the choice leaves. */
  readonly shown: readonly Sitting[];
  readonly choice: HistoryChoice;
  /** Everybody who was met in a loaded sitting, for the filter. */
  readonly people: readonly SittingPerson[];
  /** Whether the server has answered once. */
  readonly isLoaded: boolean;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly error: SpecError | null;
}

const NOTHING: HistoryState = {
  loaded: [],
  shown: [],
  choice: EVERYTHING,
  people: [],
  isLoaded: false,
  isLoading: false,
  hasMore: false,
  error: null
};

/**
 * The sittings of a spec, as far as they were loaded.
 *
 * Laws (`sittings.test.ts`): each version is in at most one sitting; an answer to an earlier choice is dropped; while
 * people type, at most one request each {@link QUIET} milliseconds is sent, for the newest sittings alone.
 */
export class Sittings implements IDisposable {
  private current = NOTHING;
  /** The `before` of the next page; `null` at the end. */
  private next: number | null = null;
  /** Ends what is under way. */
  private asked = new AbortController();
  private cancelRenewal: () => void = () => undefined;
  private edited = { first: 0, isWaiting: false };
  private readonly stateChanged = new Signal<this, HistoryState>(this);
  private readonly met = new Map<string, SittingPerson>();
  /** Versions whose labels are about to be taken away. */
  private readonly unlabelled = new Set<number>();

  constructor(
    private readonly api: Pick<HistoryApi, 'sittings'>,
    readonly specId: string,
    private readonly clock: Clock
  ) {}

  get state(): HistoryState {
    return this.current;
  }

  get changed(): ISignal<this, HistoryState> {
    return this.stateChanged;
  }

  get isDisposed(): boolean {
    return this.asked.signal.reason === DISPOSED;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.cancelRenewal();
      this.asked.abort(DISPOSED);
      Signal.clearData(this);
    }
  }

  /** Loads the newest sittings, in place of those that are there. */
  async reload(): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    this.asked.abort();
    this.asked = new AbortController();
    this.next = null;
    this.set({ isLoading: false });
    await this.load([]);
  }

  /** Loads older sittings, until one of them is shown or the requests for one call are spent. */
  async more(): Promise<void> {
    const { isLoading, hasMore, loaded } = this.current;
    if (!isLoading && hasMore && !this.isDisposed) {
      await this.load(loaded);
    }
  }

  /** Leaves some sittings out. Only a choice that the server makes needs another answer of it. */
  async choose(choice: HistoryChoice): Promise<void> {
    const before = this.current.choice;
    this.set({ choice });
    if (choice.user !== before.user || choice.subject?.id !== before.subject?.id) {
      await this.reload();
    } else if (this.current.shown.length < PAGE) {
      await this.more();
    }
  }

  /** Somebody edited the spec: soon the newest sittings are asked for. */
  edit(): void {
    const now = this.clock.now();
    this.edited = this.edited.isWaiting ? this.edited : { first: now, isWaiting: true };
    this.cancelRenewal();
    const wait = Math.max(0, Math.min(QUIET, this.edited.first + PATIENCE - now));
    this.cancelRenewal = this.clock.after(wait, () => {
      this.edited = { first: 0, isWaiting: false };
      this.renew().catch(() => undefined);
    });
  }

  /** Asks for the newest sittings, and puts them in place of those that they continue. */
  async renew(): Promise<void> {
    const { isLoaded, isLoading, choice } = this.current;
    if (isLoading || this.isDisposed) {
      return;
    }
    if (!isLoaded) {
      await this.reload();
      return;
    }
    const { signal } = this.asked;
    try {
      const { sittings } = await this.api.sittings(
        this.specId,
        { limit: NEWEST, user: choice.user, subject: choice.subject?.id },
        signal
      );
      if (signal.aborted) {
        return;
      }
      const { loaded } = this.current;
      const first = sittings.at(-1)?.fromVersion ?? Infinity;
      const isFiltered = choice.user !== null || choice.subject !== null;
      if (!isFiltered && loaded.length > 0 && loaded[0]!.toVersion < first && first < Infinity) {
        await this.reload(); // so many are new that some in between are missing
        return;
      }
      const older = loaded.filter(({ toVersion }) => toVersion <= first);
      this.take([...sittings, ...older], { error: null });
    } catch {
      // The next edit, or "Try again", asks again; what is shown stays right.
    }
  }

  /** Shows a version without its label, or with it again. */
  hideLabel(version: number, isHidden: boolean): void {
    if (isHidden) {
      this.unlabelled.add(version);
      this.take(this.current.loaded, {});
    } else {
      this.unlabelled.delete(version);
      this.renew().catch(() => undefined);
    }
  }

  private async load(known: readonly Sitting[]): Promise<void> {
    const { signal } = this.asked;
    const { choice } = this.current;
    const { user, subject } = choice;
    const isSparse = choice.labelsOnly || choice.search.trim() !== '';
    let found = known;
    this.set({ isLoading: true, error: null });
    try {
      for (let requests = 0; requests < REQUESTS; requests++) {
        const { sittings, nextBefore } = await this.api.sittings(
          this.specId,
          { before: this.next, limit: isSparse ? LARGE_PAGE : PAGE, user, subject: subject?.id },
          signal
        );
        if (signal.aborted) {
          return;
        }
        this.next = nextBefore;
        found = [...found, ...sittings];
        const isEnough = sittings.some(each => isShown(each, this.current.choice));
        this.take(found, { isLoaded: true, hasMore: nextBefore !== null });
        if (isEnough || nextBefore === null) {
          break;
        }
      }
      this.set({ isLoading: false });
    } catch (error) {
      if (!signal.aborted) {
        this.set({ isLoading: false, error: asSpecError(error) });
      }
    }
  }

  private take(loaded: readonly Sitting[], rest: Partial<HistoryState>): void {
    for (const person of loaded.flatMap(({ people }) => people)) {
      this.met.set(person.userId, person);
    }
    const kept = new Map(this.current.loaded.map(each => [each.fromVersion, each]));
    // The same object where nothing changed, so that its row is not drawn again.
    const same = loaded.map(told => {
      const each = this.withoutHidden(told);
      const before = kept.get(each.fromVersion);
      return before && isEqual(before, each) ? before : each;
    });
    this.set({ ...rest, loaded: same });
  }

  private withoutHidden(sitting: Sitting): Sitting {
    const { unlabelled } = this;
    if (!sitting.revisions.some(({ version }) => unlabelled.has(version))) {
      return sitting;
    }
    const revisions = sitting.revisions.map(each =>
      unlabelled.has(each.version) ? { ...each, label: null } : each
    );
    return { ...sitting, revisions };
  }

  private set(changes: Partial<HistoryState>): void {
    const next = { ...this.current, ...changes };
    const shown = next.loaded.filter(each => isShown(each, next.choice));
    this.current = { ...next, shown, people: [...this.met.values()] };
    this.stateChanged.emit(this.current);
  }
}

const DISPOSED = new DOMException('The history is closed.', 'AbortError');

function isEqual(one: Sitting, other: Sitting): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
