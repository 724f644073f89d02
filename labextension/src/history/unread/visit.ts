import type { HistoryApi } from '../../server/history';
import type { ReadMarksApi } from '../../server/readMarks';
import type { SpecsApi } from '../../server/specs';
import { type Environment, Listeners } from '../../runtime';
import type { ConnectionState, SpecConnection } from '../../session';
import type { Change, Replica } from '../../sync';
import {
  arrived,
  edited,
  type Fresh,
  isNothing,
  nothingFresh,
  oldestUnseen,
  piecesBetween,
  seen,
  withGone
} from './fresh';
import { loadFresh, placesNow, type Writer } from './loading';
import { byOthers, goneIn, type News, newsOf } from './news';
import { ReadMark } from './readMark';

/** Milliseconds that what was seen stays marked, after all of it was. */
export const LINGER = 60_000;
/** Milliseconds without a connection after which what came meanwhile is told. */
export const AWAY = 60_000;
/** Milliseconds before the server is asked anew, where it is not clear who changed the text. */
const AGAIN = 3_000;

export interface VisitOptions {
  readonly connection: SpecConnection;
  readonly specs: Pick<SpecsApi, 'get'>;
  readonly history: Pick<HistoryApi, 'attribution'>;
  readonly marks: Pick<ReadMarksApi, 'changesSince' | 'hunks' | 'mark'>;
  readonly environment: Environment;
  /** A request failed; what was told before stays. */
  failed(error: unknown): void;
}

/**
 * A user's visit to a spec: what others changed since the one before, and during this one where nobody looked.
 *
 * The read mark of the user follows: it is the version before the oldest of which something was not on the screen.
 * What the user sees for the first time is not new, but is read once some of it was on the screen.
 *
 * Laws (`visit.test.ts`): own edits are never new; the mark does not pass what was not seen.
 */
export class Visit {
  private fresh: Fresh | null = null;
  private mark: ReadMark | null = null;
  private told: News | null = null;
  /** The version up to which `fresh` tells, and the newest one by somebody else. */
  private version = 0;
  private newestByOthers = -1;
  private writers = new Map<string, Writer>();
  private isLoading = false;
  /** Whether the connection was lost for long. */
  private wasLost = false;
  private isOver = false;
  private cancelEnd: (() => void) | null = null;
  private cancelAgain: (() => void) | null = null;
  private readonly listeners = new Listeners<'arrived' | 'told'>();
  private readonly stops: (() => void)[];

  constructor(private readonly options: VisitOptions) {
    const { connection, environment } = options;
    this.stops = [
      connection.onChange(change => this.changed(change)),
      connection.subscribe(() => this.follow()),
      environment.onHide(() => this.leave())
    ];
    this.follow();
  }

  /** Ends the visit: what was read is told to the server. */
  dispose(): void {
    if (!this.isOver) {
      this.leave();
      this.isOver = true;
      this.stops.forEach(stop => stop());
      this.cancelEnd?.();
      this.cancelAgain?.();
      this.mark?.dispose();
    }
  }

  /**
   * Calls `listener` when something new has come with a change of the text (`arrived`), or when anything below is
   * told otherwise (`told`); returns a function that ends that.
   */
  subscribe(listener: (what: 'arrived' | 'told') => void): () => void {
    return this.listeners.add(listener);
  }

  /** What is new in the text of the connection; `null` while that is not known. */
  get letters(): Fresh | null {
    return this.fresh;
  }

  /** What the line above the text says; `null` for nothing. */
  get news(): News | null {
    return this.told;
  }

  /** Whether something was not on the screen yet. */
  get hasUnseen(): boolean {
    return this.fresh !== null && oldestUnseen(this.fresh) !== null;
  }

  /** Whether it matters what is on the screen. */
  get wantsLooks(): boolean {
    return this.hasUnseen || (this.mark !== null && this.mark.version === null);
  }

  /** The name and colour of a user, as far as they are known. */
  writer(userId: string): Writer | null {
    const present = this.options.connection.state.users.find(user => user.userId === userId);
    return present ?? this.writers.get(userId) ?? null;
  }

  /** These code points of the connection's text were on the screen for a moment. */
  looked(from: number, to: number): void {
    if (this.fresh) {
      const next = seen(this.fresh, from, to);
      const isOther = next !== this.fresh;
      this.fresh = next;
      this.raise();
      if (isOther) {
        this.endSoon();
        this.listeners.tell('told');
      }
    }
  }

  /** The user was away, and is back: tells what came meanwhile and was not seen. */
  back(sections: readonly string[]): void {
    const oldest = this.fresh && oldestUnseen(this.fresh);
    if (this.fresh && oldest !== null && !this.told) {
      const unseen = piecesBetween(this.fresh, 0, this.fresh.letters.length)
        .filter(({ isSeen }) => !isSeen)
        .map(({ by }) => by);
      const people = new Set(unseen.map(({ userId }) => this.writer(userId)?.userName ?? ''));
      this.tell({
        sections,
        removed: [],
        people: [...people].filter(Boolean),
        since: 1000 * unseen.reduce((least, { time }) => Math.min(least, time), Infinity),
        from: oldest - 1
      });
    }
  }

  /** Everything is read, whether it was on the screen or not. */
  markAll(): void {
    const { replica } = this.options.connection;
    if (this.fresh && replica) {
      this.fresh = nothingFresh(replica.text.length);
      this.mark?.flush(replica.version);
      this.tell(null);
    }
  }

  /** The spec may not be looked at any more. */
  leave(): void {
    if (this.fresh && !this.isOver) {
      this.follow();
      this.mark?.flush(this.readVersion());
    }
  }

  /** Loads when the text is there for the first time. */
  private follow(): void {
    const { connection } = this.options;
    const { replica, state } = connection;
    const { lostSince } = state;
    this.wasLost ||= lostSince !== null && this.options.environment.date() - lostSince > AWAY;
    if (this.fresh) {
      // What is later than the last change by others is one's own.
      this.version = Math.max(this.version, state.version);
    } else if (replica && state.me && isJoined(state) && !this.cancelAgain) {
      this.load();
    }
  }

  private load(): void {
    if (!this.isLoading && !this.isOver) {
      this.isLoading = true;
      this.read().then(
        () => (this.isLoading = false),
        (error: unknown) => {
          this.isLoading = false;
          this.options.failed(error);
          this.loadAgain(20 * AGAIN);
        }
      );
    }
  }

  private loadAgain(delay: number): void {
    this.cancelAgain ??= this.options.environment.after(delay, () => {
      this.cancelAgain = null;
      this.load();
    });
  }

  private async read(): Promise<void> {
    const { connection, specs, history, marks, environment } = this.options;
    const { specId } = connection;
    const entry = await specs.get(specId);
    const present = Math.max(entry.readVersion ?? -1, this.mark?.version ?? -1);
    const isNew = present >= 0 && (entry.unread ?? 0) > 0;
    const answer = isNew ? await marks.changesSince(specId, present).catch(() => null) : null;
    const hunks = answer?.entries.some(({ removed }) => removed > 0)
      ? await marks.hunks(specId, answer.from, answer.to).catch(() => [])
      : [];
    // At last, since the text goes on.
    const loaded = isNew
      ? await loadFresh(connection, history, present, () => environment.date())
      : null;
    const { replica, state } = connection;
    if (this.isOver || !replica || !state.me) {
      return;
    }
    const me = state.me.userId;
    const isTold = this.mark === null || this.wasLost || this.told !== null;
    this.mark ??= new ReadMark({
      clock: environment,
      present: entry.readVersion ?? null,
      canSend: () => isWell(connection.state),
      send: version => marks.mark(specId, version)
    });
    if (isNew && (!loaded || loaded.version !== replica.version)) {
      this.loadAgain(AGAIN); // the text changed while the other answer was awaited
      return;
    }
    const entries = byOthers(answer?.entries ?? [], me);
    this.writers = new Map(loaded?.writers);
    const gone = answer ? goneIn(hunks, answer, me) : [];
    this.fresh = withGone(
      loaded?.fresh ?? nothingFresh(replica.text.length),
      placesNow(connection, gone, answer?.to ?? replica.version)
    );
    this.version = replica.version;
    this.newestByOthers = isNew ? replica.version : present;
    const times = [...this.fresh.bylines.all].map(({ time }) => 1000 * time);
    const modified = entries.map(({ lastModified }) => Date.parse(lastModified));
    const since = [...times, ...modified].reduce((one, other) => Math.min(one, other), Infinity);
    const isBare = isNothing(this.fresh) && entries.length === 0;
    const told = newsOf(entries, me, since, present);
    const unnamed = { sections: [], removed: [], people: [], since, from: present };
    this.wasLost = false;
    this.tell(isBare || !isTold ? null : (told ?? unnamed));
  }

  private changed({ operation, origin, userId }: Change): void {
    const { connection, environment } = this.options;
    const { replica, state } = connection;
    if (!this.fresh || !replica) {
      return;
    }
    const isOwn = origin === 'local' || origin === 'undo' || userId === state.me?.userId;
    const isNext = this.isByOne(replica, state.me?.userId ?? null);
    if (isOwn) {
      this.fresh = edited(this.fresh, operation);
      return;
    }
    if (origin === 'remote' && userId !== null && isNext) {
      const time = Math.floor(environment.date() / 1000);
      this.newestByOthers = replica.version;
      this.fresh = arrived(this.fresh, operation, replica.version, { userId, time });
      this.cancelEnd?.();
      this.cancelEnd = null;
      this.listeners.tell('arrived');
    } else {
      // Several people's edits came at once, or another text.
      this.fresh = null;
      this.loadAgain(AGAIN);
      this.listeners.tell('told');
    }
    this.version = Math.max(this.version, replica.version);
  }

  /** Whether the last version is the only one by somebody else since the one that is told. */
  private isByOne({ recentVersions }: Replica, me: string | null): boolean {
    const steps = recentVersions.since(this.version);
    return steps?.slice(0, -1).every(({ userId }) => userId === null || userId === me) ?? false;
  }

  /** The version up to which everything by others was on the screen. */
  private readVersion(): number {
    return ((this.fresh && oldestUnseen(this.fresh)) ?? this.version + 1) - 1;
  }

  /** Tells the server, unless there are only own edits to tell of. */
  private raise(): void {
    const { mark } = this;
    const version = this.readVersion();
    if (mark && (mark.version === null || mark.version < this.newestByOthers)) {
      mark.raise(version);
    }
  }

  private tell(news: News | null): void {
    this.told = news;
    this.endSoon();
    this.listeners.tell('told');
  }

  /** What was seen is not marked for ever. */
  private endSoon(): void {
    this.cancelEnd?.();
    this.cancelEnd = null;
    if (this.fresh && !this.hasUnseen && !isNothing(this.fresh)) {
      this.cancelEnd = this.options.environment.after(LINGER, () => {
        this.cancelEnd = null;
        if (this.fresh && !this.hasUnseen) {
          this.fresh = nothingFresh(this.fresh.letters.length);
          this.told = null;
          this.listeners.tell('told');
        }
      });
    } else if (this.fresh && !this.hasUnseen && this.told) {
      // Nothing of it has a place in the text.
      this.cancelEnd = this.options.environment.after(LINGER, () => this.tell(null));
    }
  }
}

function isJoined({ status }: ConnectionState): boolean {
  return status === 'synchronised' || status === 'saving';
}

/** Whether the server can be reached, and the spec be read. */
function isWell({ status, role, trouble }: ConnectionState): boolean {
  return role !== null && trouble === null && (status === 'synchronised' || status === 'saving');
}
