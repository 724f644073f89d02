import type { SentOperation } from '../protocol';
import type { Environment } from '../runtime';
import type { Inheritance } from './takeOver';
import {
  editsOf,
  type Kept,
  type Origin,
  toStore,
  type Stored,
  type Standpoint,
  weight
} from './kept';
import type { Pending, Replica, Message } from '../sync';
import type { Keeping } from './editStorage';

/** Milliseconds of typing that a crash of the browser may cost, beside the time of one writing. */
export const COALESCE_MS = 250;
/** UTF-16 units of unsent text that take one millisecond more: what is long is written less often. */
const UNITS_PER_MS = 1_000;
/** Milliseconds that a text is kept after its last edit was acknowledged: the next one may come soon. */
const KEEP_TEXT_FOR = 10_000;
/** Milliseconds that a writing may take before edits no longer wait for it. */
const WRITE_WITHIN = 3_000;
/** Milliseconds after a failure in which nothing is written. */
const RETRY_AFTER = 30_000;

/** What is to be kept. */
export interface Source {
  replica(): Replica | null;
  standpoint(): Standpoint;
  /** {@link Keeper.isKeeping} is another. */
  changed(): void;
}

/**
 * Keeps a page's unacknowledged edits where they outlive the page.
 *
 * Laws (`convergence.test.ts`, "through crashes and reloads of their pages"): an operation is kept before it is sent, so that whoever finds it sends it again
 * under its own id; whenever the page ends, every edit that is older than {@link COALESCE_MS} and the time of
 * one writing is applied once.
 */
export class Keeper {
  private inheritance: Inheritance | null = null;
  private stored: Stored | null = null;
  /** What was pending in the last writing that began. */
  private written: Pending | null = null;
  /** What is in flight in the last writing that ended well. */
  private keptMessage: SentOperation | null = null;
  private waiting: { readonly message: SentOperation; readonly then: () => void } | null = null;
  /** Writings under way that hold the text: what depends on them may not rely on it. */
  private textsUnderWay = 0;
  private failedAt: number | null = null;
  private remembered: string | null | undefined;
  private cancelWrite: (() => void) | null = null;
  private cancelRemove: (() => void) | null = null;

  constructor(
    private readonly environment: Environment,
    private readonly keeping: Keeping,
    private readonly origin: Origin,
    private readonly source: Source
  ) {}

  /** Whether unacknowledged edits would survive the page, but for the last moment's. */
  get isKeeping(): boolean {
    return this.inheritance !== null && this.failedAt === null;
  }

  /** From now on edits are kept under this id. */
  begin(inheritance: Inheritance): void {
    this.inheritance = inheritance;
    this.keptMessage = inheritance.left?.replica.pending.outstanding?.message ?? null;
  }

  /** Replica and standpoint may be others: what changed is written soon. */
  update(): void {
    this.remember(this.source.standpoint().me.sessionId);
    if (this.hasNews && !this.cancelWrite) {
      const buffer = this.source.replica()?.pending.buffer;
      const delay = Math.max(COALESCE_MS, buffer ? weight(buffer.operation) / UNITS_PER_MS : 0);
      this.cancelWrite = this.environment.after(delay, () => this.flush());
    }
  }

  /** Writes at once what would be written soon. */
  flush(): void {
    this.cancelWrite?.();
    this.cancelWrite = null;
    const replica = this.source.replica();
    if (replica && this.hasNews) {
      this.write(replica);
    }
  }

  /** Calls back once `message`, which is in flight, would be sent again by whoever comes after this page. */
  whenKept(message: SentOperation, then: () => void): void {
    if (message === this.keptMessage || !this.mayWrite) {
      then();
    } else {
      this.waiting = { message, then };
      this.flush();
    }
  }

  /** Keeps a copy of `replica` for its user to look at: its edits are not sent as they are, and `ending` says why. */
  copyAside(replica: Replica, ending: Message, done: (isKept: boolean) => void): void {
    this.aside(replica, ending, null, done);
  }

  /** Keeps `replica` so, and not any more as something to be sent. */
  setAside(replica: Replica, ending: Message, done: (isKept: boolean) => void): void {
    this.aside(replica, ending, this.inheritance?.owner ?? null, done);
    this.stored = this.written = this.keptMessage = null;
  }

  /** Leaves what is pending, where something is, to another page. */
  end(): void {
    this.flush();
    this.cancelRemove?.();
    if (this.isSynchronised) {
      this.remove();
    }
    this.keeping.memories.remember(this.origin, null);
    this.inheritance?.release();
    this.inheritance = null;
  }

  /** The session that a reload of the page resumes. */
  private remember(sessionId: string | null): void {
    if (this.inheritance && sessionId !== this.remembered) {
      const { owner } = this.inheritance;
      this.remembered = sessionId;
      this.keeping.memories.remember(this.origin, { owner, sessionId });
    }
  }

  private get mayWrite(): boolean {
    const isWell = this.failedAt === null || this.environment.now() - this.failedAt >= RETRY_AFTER;
    return this.inheritance !== null && isWell;
  }

  private get isSynchronised(): boolean {
    return this.source.replica()?.pending.kind === 'synchronised';
  }

  /** Whether something is pending that is not written, or written that is not pending any more. */
  private get hasNews(): boolean {
    const pending = this.source.replica()?.pending;
    const isKnown = pending === undefined || pending === this.written;
    const isEmpty = (each: Pending | null | undefined) =>
      (each?.kind ?? 'synchronised') === 'synchronised';
    return this.mayWrite && !isKnown && !(isEmpty(pending) && isEmpty(this.written));
  }

  private write(replica: Replica): void {
    const { pending } = replica;
    const { stored, text } = toStore(replica, this.textsUnderWay > 0 ? null : this.stored);
    this.stored = stored;
    this.written = pending;
    this.textsUnderWay += text ? 1 : 0;
    const end = once((isKept: boolean) => {
      cancelPatience();
      this.textsUnderWay -= text ? 1 : 0;
      this.wrote(isKept, pending);
    });
    const cancelPatience = this.environment.after(WRITE_WITHIN, () => end(false));
    this.keeping.editStorage.write(this.record(replica, stored), text, end);
  }

  private wrote(isKept: boolean, pending: Pending): void {
    const wasKeeping = this.isKeeping;
    const message = pending.outstanding?.message ?? null;
    if (isKept) {
      this.failedAt = null;
      this.keptMessage = message;
    } else {
      this.failedAt = this.environment.now();
      this.remove();
    }
    if (this.waiting && (!isKept || this.waiting.message === message)) {
      const { then } = this.waiting;
      this.waiting = null;
      then();
    }
    this.cancelRemove?.();
    this.cancelRemove = this.environment.after(KEEP_TEXT_FOR, () => this.removeIfEmpty());
    if (wasKeeping !== this.isKeeping) {
      this.source.changed();
    }
    this.update();
  }

  private removeIfEmpty(): void {
    if (this.isSynchronised) {
      this.remove();
    }
  }

  private aside(
    replica: Replica,
    ending: Message,
    inPlaceOf: string | null,
    done: (isKept: boolean) => void
  ): void {
    const { stored, text } = toStore(replica, null);
    const owner = this.environment.uuid();
    const kept = { ...this.record(replica, stored), owner, ending };
    this.keeping.editStorage.write(kept, text, done, inPlaceOf);
  }

  private remove(): void {
    if (this.inheritance) {
      this.keeping.editStorage.remove(this.inheritance.owner);
    }
    this.stored = this.written = this.keptMessage = null;
  }

  private record(replica: Replica, stored: Stored): Kept {
    const { epoch, textVersion, since, version } = stored;
    return {
      ...this.origin,
      ...this.source.standpoint(),
      ...editsOf(replica),
      owner: this.inheritance?.owner ?? '',
      identity: this.inheritance?.identity ?? '',
      epoch,
      textVersion,
      since: since.components,
      version,
      savedAt: this.environment.date(),
      ending: null
    };
  }
}

/** Heeds the first call only. */
function once<Value>(callback: (value: Value) => void): (value: Value) => void {
  let isOver = false;
  return value => {
    if (!isOver) {
      isOver = true;
      callback(value);
    }
  };
}
