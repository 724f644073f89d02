import { type Environment, Listeners } from '../../runtime';
import { asSpecError, type SpecError } from '../../server/error';
import type { HistoryApi } from '../../server/history';
import type { SpecConnection } from '../../session';
import type { Replica } from '../../sync';
import {
  type Authorship,
  authorshipOf,
  broughtOn,
  type Byline,
  shownAttribution,
  UNSAVED
} from '../../sync/authorship';
import type { Attribution } from '../../text';
import type { KnownPeople } from '../knownPeople';

/** Milliseconds between two questions to the server. */
const AGAIN = 3_000;

export interface LiveAuthorshipOptions {
  readonly connection: Pick<
    SpecConnection,
    'specId' | 'replica' | 'document' | 'state' | 'onChange' | 'subscribe'
  >;
  readonly api: Pick<HistoryApi, 'attribution'>;
  readonly people: KnownPeople;
  readonly environment: Environment;
}

/**
 * Who wrote each letter of a connection's text, while people type.
 *
 * The server is asked once; after that the operations bring it on. It is asked again where the page missed too many
 * of them, or has another history now.
 *
 * Law (`authors.test.ts`): what is shown is what the server would tell, and what it has not acknowledged is the
 * user's own.
 */
export class LiveAuthorship {
  readonly changed = new Listeners<void>();
  private authorship: Authorship | null = null;
  private userIds: readonly string[] = [];
  private failure: SpecError | null = null;
  private isAsking = false;
  private askedAt = -Infinity;
  private cancel: () => void = () => undefined;
  private isClosed = false;
  private last: { readonly replica: Replica; readonly shown: Attribution | null } | null = null;
  private readonly stops: readonly (() => void)[];

  constructor(private readonly options: LiveAuthorshipOptions) {
    const { connection } = options;
    const changed = () => this.changed.tell();
    this.stops = [connection.onChange(changed), connection.subscribe(changed)];
  }

  dispose(): void {
    this.isClosed = true;
    this.cancel();
    this.stops.forEach(stop => stop());
  }

  /** Why nothing is known; `null` if that is not so. */
  get error(): SpecError | null {
    return this.failure;
  }

  /** The people who wrote, in the order in which the server told of them; new ones at the end. */
  get writers(): readonly string[] {
    return this.userIds;
  }

  /** Who wrote which letter of the connection's text, by version; `null` while that is not known. */
  get shown(): Attribution | null {
    const { connection, environment } = this.options;
    const { replica } = connection;
    if (!replica) {
      return null;
    }
    if (!this.authorship) {
      if (!this.failure) {
        this.ask();
      }
      return null;
    }
    if (this.last?.replica !== replica) {
      const now = Math.floor(environment.date() / 1000);
      const next = broughtOn(this.authorship, replica, this.me, now);
      if (!next) {
        this.ask();
        return null;
      }
      this.meet(next);
      this.authorship = next;
      this.last = { replica, shown: shownAttribution(next, replica) };
    }
    const { shown } = this.last;
    return shown?.length === connection.document.length ? shown : null;
  }

  /** Who made a version, and when; the user, now, of what is not acknowledged. */
  bylineOf(version: number): Byline | null {
    const { environment } = this.options;
    return version === UNSAVED
      ? { userId: this.me, time: Math.floor(environment.date() / 1000) }
      : (this.authorship?.bylines.get(version) ?? null);
  }

  /** Asks the server again. */
  retry(): void {
    this.askedAt = -Infinity;
    this.failure = null;
    this.ask();
  }

  private get me(): string {
    return this.options.connection.state.me?.userId ?? '';
  }

  private ask(): void {
    const { environment } = this.options;
    if (this.isAsking || this.isClosed) {
      return;
    }
    const wait = this.askedAt + AGAIN - environment.now();
    this.isAsking = true;
    this.cancel = environment.after(Math.max(0, wait), () => {
      this.askedAt = environment.now();
      this.load().catch(() => undefined);
    });
  }

  private async load(): Promise<void> {
    const { connection, api, people } = this.options;
    try {
      const answer = await api.attribution(connection.specId);
      const epoch = connection.replica?.epoch;
      if (this.isClosed || epoch === undefined) {
        this.isAsking = false;
        return;
      }
      people.add(answer.people);
      this.userIds = answer.people.map(({ userId }) => userId);
      this.authorship = authorshipOf(epoch, answer);
      this.last = null;
      this.failure = null;
    } catch (error) {
      this.failure = asSpecError(error);
    }
    this.isAsking = false;
    if (!this.isClosed) {
      this.changed.tell();
    }
  }

  /** Notes people who begin to write. */
  private meet(next: Authorship): void {
    const { authorship } = this;
    const known = new Set(this.userIds);
    const from = authorship ? authorship.version + 1 : next.version + 1;
    for (let version = from; version <= next.version; version++) {
      const userId = next.bylines.get(version)?.userId;
      if (userId !== undefined && !known.has(userId)) {
        known.add(userId);
        this.userIds = [...this.userIds, userId];
      }
    }
  }
}
