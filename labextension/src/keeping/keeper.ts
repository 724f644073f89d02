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
import { type EditKeeper, type Message, type Pending, REPLACED, type Replica } from '../sync';
import type { Keeping } from './editStorage';

/** Milliseconds of typing that a crash of the browser may lose, besides those typed during one write. */
export const COALESCE_MS = 250;
/** UTF-16 units of unsent text for each millisecond of delay: long edits are written less often. */
const UNITS_PER_MS = 1_000;
/** Milliseconds that a text stays stored after its last edit was acknowledged, since another may follow soon. */
const KEEP_TEXT_FOR = 10_000;
/** Milliseconds after which edits no longer wait for a write, but are copied to where it works at once. */
const WRITE_WITHIN = 3_000;
/** Milliseconds without writes after a failed one. */
const RETRY_AFTER = 30_000;

/** The session whose edits are stored. */
export interface Source {
  replica(): Replica | null;
  standpoint(): Standpoint;
  /** Whether edits can go out to the server now. */
  isOnline(): boolean;
  /** {@link Keeper.isKeeping} or {@link Keeper.unstoredText} changed. */
  changed(): void;
  /** Edits that can't be sent were put where the user finds them. */
  rescued(): void;
}

/**
 * Stores a page's unacknowledged edits so that they outlive the page.
 *
 * Laws (`crashes.test.ts`): an operation is stored before it is sent, so that the next page sends it again
 * under the same id. Whenever the page ends, every edit that is older than {@link COALESCE_MS} and the time of
 * one write is applied once. Where the browser can't store any more (`keeping.test.ts`), what it stored before stays
 * until newer edits go out.
 */
export class Keeper implements EditKeeper {
  private inheritance: Inheritance | null = null;
  private stored: Stored | null = null;
  /** What was pending when the last write began. */
  private written: Pending | null = null;
  /** The operation in flight in the last write that succeeded. */
  private keptMessage: SentOperation | null = null;
  private waiting: { readonly message: SentOperation; readonly then: () => void } | null = null;
  /** Unfinished writes that contain the text; no other write may rely on that text yet. */
  private textsUnderWay = 0;
  private writesUnderWay = 0;
  private failedAt: number | null = null;
  private remembered: string | null | undefined;
  private unstored: readonly string[] = [];
  private cancelWrite: (() => void) | null = null;
  private cancelRemove: (() => void) | null = null;

  constructor(
    private readonly environment: Environment,
    private readonly keeping: Keeping,
    private readonly origin: Origin,
    private readonly source: Source
  ) {}

  /** Whether unacknowledged edits would survive the page, except those of the last moment. */
  get isKeeping(): boolean {
    return this.inheritance !== null && this.failedAt === null;
  }

  /** Texts with edits that were put aside and could not be stored; `null` where there are none. */
  get unstoredText(): string | null {
    return this.unstored.length ? this.unstored.join('\n\n') : null;
  }

  /** From now on edits are stored under the id of `inheritance`. */
  begin(inheritance: Inheritance): void {
    this.inheritance = inheritance;
    this.keptMessage = inheritance.left?.replica.pending.outstanding?.message ?? null;
  }

  /** Replica or standpoint may have changed; the change is written soon. */
  update(): void {
    this.remember(this.source.standpoint().me.sessionId);
    if (this.hasNews && !this.cancelWrite) {
      const buffer = this.source.replica()?.pending.buffer;
      const delay = Math.max(COALESCE_MS, buffer ? weight(buffer.operation) / UNITS_PER_MS : 0);
      this.cancelWrite = this.environment.after(delay, () => this.flush());
    }
  }

  /** Writes changes at once. */
  flush(): void {
    this.cancelWrite?.();
    this.cancelWrite = null;
    const replica = this.source.replica();
    if (replica && this.hasNews) {
      this.write(replica);
    }
  }

  whenKept(message: SentOperation, then: () => void): void {
    if (message === this.keptMessage) {
      then();
    } else if (!this.mayWrite) {
      this.sendUnkept(then);
    } else {
      this.waiting = { message, then };
      this.flush();
    }
  }

  /** After {@link REPLACED} the edits are sent all the same: then a copy is stored, else the edits are moved. */
  setAside(replica: Replica, why: Message): void {
    const isCopy = why === REPLACED;
    const { stored, text } = toStore(replica, null);
    const kept = { ...this.record(replica, stored), owner: this.environment.uuid(), ending: why };
    const inPlaceOf = isCopy ? null : (this.inheritance?.owner ?? null);
    const done = (isStored: boolean) => this.wroteAside(replica, isStored);
    this.keeping.editStorage.write(kept, text, done, inPlaceOf);
    if (!isCopy) {
      this.stored = this.written = this.keptMessage = null;
    }
  }

  /** The page needs the edits no longer; another page may take over what is still pending. */
  end(): void {
    this.flush();
    this.cancelRemove?.();
    if (this.isSynchronised) {
      this.remove();
    }
    this.keeping.memories.remember(this.origin, null);
    this.releaseAfterWrites();
  }

  /** Releases the edits to other pages once they are stored. */
  private releaseAfterWrites(): void {
    const { inheritance } = this;
    this.inheritance = null;
    if (inheritance && this.writesUnderWay > 0) {
      this.keeping.editStorage.read(inheritance.owner, () => inheritance.release());
    } else {
      inheritance?.release();
    }
  }

  /** What is stored does not fit what goes out now: another page would send a part of it again. */
  private sendUnkept(then: () => void): void {
    if (this.source.isOnline()) {
      this.remove();
    }
    then();
  }

  /** Remembers the session that a reload of the page resumes. */
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

  /** Whether pending edits are not written yet, or written ones are not pending any more. */
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
    this.writesUnderWay += 1;
    const record = this.record(replica, stored);
    const end = once((isKept: boolean) => {
      cancelPatience();
      this.wrote(isKept, pending);
    });
    const backUp = () => end(this.keeping.editStorage.backUp(record.owner));
    const cancelPatience = this.environment.after(WRITE_WITHIN, backUp);
    this.keeping.editStorage.write(record, text, isKept => {
      this.textsUnderWay -= text ? 1 : 0;
      this.writesUnderWay -= 1;
      if (!isKept) {
        this.stored = null; // the text may be missing
      }
      end(isKept);
    });
  }

  private wrote(isKept: boolean, pending: Pending): void {
    const wasKeeping = this.isKeeping;
    const message = pending.outstanding?.message ?? null;
    if (isKept) {
      this.failedAt = null;
      this.keptMessage = message;
    } else {
      this.failedAt = this.environment.now();
      this.stored = this.written = null;
    }
    if (this.waiting && (!isKept || this.waiting.message === message)) {
      const { then } = this.waiting;
      this.waiting = null;
      if (isKept) {
        then();
      } else {
        this.sendUnkept(then);
      }
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

  private wroteAside(replica: Replica, isStored: boolean): void {
    if (!isStored) {
      this.unstored = [...this.unstored, replica.text.toString()];
    }
    this.source.rescued();
    this.source.changed();
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

/** Ignores every call but the first. */
function once<Value>(callback: (value: Value) => void): (value: Value) => void {
  let isOver = false;
  return value => {
    if (!isOver) {
      isOver = true;
      callback(value);
    }
  };
}
