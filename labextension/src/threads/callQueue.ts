import type { Clock } from '../runtime';
import { SpecError } from '../server/error';
import type { Thread } from '../server/threads';
import { isIn, isOpening, isWritten, type ThreadCall, type WrittenCall } from './calls';
import type { KeptCall, KeptCalls } from './keptCalls';

/** Milliseconds until the first attempt after a failure, and at most; each takes twice as long as the one before. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;

export interface CallQueueOptions {
  readonly clock: Clock;
  readonly kept: Pick<KeptCalls, 'put' | 'remove'>;
  /** Whether the server can be reached and lets the user in. */
  canSend(): boolean;
  /** Resolves with the thread as it is then; with `null` where it is gone. */
  send(call: ThreadCall): Promise<Thread | null>;
  /** The server has the call. `thread` as `send` said; `undefined` where it was known before an answer. */
  done(call: ThreadCall, thread: Thread | null | undefined): void;
  /** The server refuses the range of a new thread: the call with another one, or why there is none. */
  placedAnew(call: ThreadCall): ThreadCall | SpecError;
  /** What is waiting or refused is another. */
  changed(): void;
}

interface Entry {
  call: ThreadCall;
  wasSent: boolean;
  error: SpecError | null;
  settle: { resolve(): void; reject(error: SpecError): void } | null;
}

/**
 * What the user did with threads, sent one after the other until the server has it.
 *
 * A call that did not come to an end is sent again as it was, which is safe. What is to be done in a new thread waits for
 * that; other threads go on.
 *
 * Law (`callQueue.test.ts`): the server does each call once, whatever is lost, and whenever the page is reloaded.
 */
export class CallQueue {
  private entries: readonly Entry[] = [];
  /** The attempt that has no answer yet. */
  private attempt: object | null = null;
  private failures = 0;
  private cancelRetry: (() => void) | null = null;
  private isClosed = false;

  constructor(private readonly options: CallQueueOptions) {}

  /** What the server has not confirmed and not refused, in the order in which the user did it. */
  get waiting(): readonly ThreadCall[] {
    return this.entries.filter(({ error }) => !error).map(({ call }) => call);
  }

  /** Calls with a text of the user's that the server refused. */
  get refused(): readonly { readonly call: WrittenCall; readonly error: SpecError }[] {
    return this.entries.flatMap(({ call, error }) =>
      error && isWritten(call) ? { call, error } : []
    );
  }

  /** Whether something is on its way, or will be without further ado. */
  get isBusy(): boolean {
    const mayGoOn = this.cancelRetry === null && this.options.canSend();
    return this.attempt !== null || (mayGoOn && this.next() !== null);
  }

  /** Resolves when the server has the call; rejects if it refuses. Nobody has to wait for it. */
  add(call: ThreadCall): Promise<void> {
    const settled = new Promise<void>((resolve, reject) => {
      const entry = { call, wasSent: false, error: null, settle: { resolve, reject } };
      this.entries = [...this.entries, entry];
      this.keep(entry);
    });
    settled.catch(() => undefined);
    this.options.changed();
    this.pump();
    return settled;
  }

  /** Calls that an earlier page left. */
  adopt(calls: readonly KeptCall[]): void {
    const known = new Set(this.entries.map(({ call }) => call.callId));
    const left = calls
      .filter(({ call }) => !known.has(call.callId))
      .map(({ call, wasSent, refusal }): Entry => {
        const error = refusal && new SpecError(refusal.code, refusal.message, refusal.status);
        return { call, wasSent, error, settle: null };
      });
    this.entries = [...left, ...this.entries];
    this.options.changed();
    this.pump();
  }

  /** Other data for a call that is not sent yet. */
  replace(call: ThreadCall): void {
    const entry = this.entryOf(call.callId);
    if (entry) {
      entry.call = call;
      this.keep(entry);
    }
  }

  /** A call cannot be sent as it is. */
  refuse(callId: string, error: SpecError): void {
    const entry = this.entryOf(callId);
    if (entry) {
      this.refuseEntry(entry, error);
    }
  }

  /** Sends a refused call again, and what waits for it. */
  retry(callId: string): void {
    const entry = this.entryOf(callId);
    if (entry?.error) {
      for (const each of this.withAll(entry)) {
        each.error = null;
        this.keep(each);
      }
      this.options.changed();
      this.pump();
    }
  }

  /** Gives a refused call up, and what was refused with it. */
  discard(callId: string): void {
    const entry = this.entryOf(callId);
    if (entry?.error) {
      this.withAll(entry).forEach(each => this.remove(each));
      this.options.changed();
      this.pump();
    }
  }

  /** Forgets all that is to be done in a new thread that the server has not been told of; `false` if it may have been. */
  withdraw(threadId: string): boolean {
    const entries = this.entries.filter(({ call }) => call.threadId === threadId);
    const opening = entries.find(({ call }) => isOpening(call));
    if (!opening || opening.wasSent) {
      return false;
    }
    entries.forEach(entry => this.remove(entry));
    entries.forEach(({ settle }) => settle?.resolve());
    this.options.changed();
    return true;
  }

  /** The server's thread may show that it has a call. */
  met(thread: Thread): void {
    const done = this.entries.filter(
      ({ call, wasSent }) => wasSent && call.threadId === thread.threadId && isIn(call, thread)
    );
    done.forEach(entry => this.finish(entry, undefined));
  }

  /** Tries again now what failed before, or has no answer though the network was away. */
  wake(): void {
    this.attempt = null;
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.failures = 0;
    this.pump();
  }

  /** Sends what may be sent. */
  pump(): void {
    const next = this.attempt || this.isClosed || this.cancelRetry ? null : this.next();
    if (next && this.options.canSend()) {
      const attempt = {};
      this.attempt = attempt;
      if (!next.wasSent) {
        next.wasSent = true;
        this.keep(next);
      }
      this.options.send(next.call).then(
        thread => this.answered(next, thread, attempt),
        (error: unknown) => this.failed(next, asRefusal(error), attempt)
      );
    }
  }

  /** Sends nothing more. */
  close(): void {
    this.isClosed = true;
    this.cancelRetry?.();
  }

  private next(): Entry | null {
    const blocked = new Set<string>();
    for (const entry of this.entries) {
      const { call, error } = entry;
      if (isOpening(call) && (error || !call.place)) {
        blocked.add(call.threadId);
      } else if (!error && !blocked.has(call.threadId)) {
        return entry;
      }
    }
    return null;
  }

  private answered(entry: Entry, thread: Thread | null, attempt: object): void {
    this.attempt = this.attempt === attempt ? null : this.attempt;
    this.failures = 0;
    if (this.entries.includes(entry)) {
      this.finish(entry, thread);
    } else {
      this.options.changed(); // it was known, and now it is no more on its way
    }
    this.pump();
  }

  private failed(entry: Entry, error: SpecError, attempt: object): void {
    if (this.attempt !== attempt) {
      return; // another attempt is under way
    }
    this.attempt = null;
    if (!this.entries.includes(entry)) {
      // The server's events have shown meanwhile that it has the call.
      this.options.changed();
    } else if (mayPass(error)) {
      this.retryLater(error);
    } else if (error.code === 'VERSION_CONFLICT' && isOpening(entry.call)) {
      this.placeAnew(entry, error);
    } else if (error.code === 'THREAD_NOT_FOUND' && entry.call.kind === 'remove') {
      this.finish(entry, null);
    } else {
      this.refuseEntry(entry, error);
    }
    this.pump();
  }

  /** The server has looked whether it has the call, and has not: it may be sent with another range. */
  private placeAnew(entry: Entry, error: SpecError): void {
    const next = this.options.placedAnew(entry.call);
    if (next instanceof SpecError) {
      this.refuseEntry(entry, next);
    } else {
      entry.call = next;
      this.keep(entry);
      this.retryLater(error);
    }
  }

  private retryLater(error: SpecError): void {
    const { clock } = this.options;
    const asked = error.details.retryAfterMs;
    const backoff = Math.min(FIRST_RETRY * 2 ** this.failures, LAST_RETRY);
    this.failures += 1;
    const delay = typeof asked === 'number' ? Math.max(asked, FIRST_RETRY) : backoff;
    this.cancelRetry = clock.after(delay, () => {
      this.cancelRetry = null;
      this.pump();
    });
  }

  /** What is to be done in a thread that can't be opened is refused with it. */
  private refuseEntry(refused: Entry, error: SpecError): void {
    for (const entry of this.withAll(refused)) {
      if (isWritten(entry.call)) {
        entry.error = error;
        this.keep(entry);
      } else {
        this.remove(entry);
      }
      entry.settle?.reject(error);
      entry.settle = null;
    }
    this.options.changed();
  }

  /** The entry, and where it opens a thread, all that is to be done in that. */
  private withAll(entry: Entry): readonly Entry[] {
    const { call } = entry;
    return isOpening(call)
      ? this.entries.filter(each => each.call.threadId === call.threadId)
      : [entry];
  }

  private finish(entry: Entry, thread: Thread | null | undefined): void {
    if (this.entries.includes(entry)) {
      this.remove(entry);
      this.options.done(entry.call, thread);
      entry.settle?.resolve();
      this.options.changed();
    }
  }

  private entryOf(callId: string): Entry | undefined {
    return this.entries.find(({ call }) => call.callId === callId);
  }

  private keep({ call, wasSent, error }: Entry): void {
    const refusal = error && { code: error.code, message: error.message, status: error.status };
    this.options.kept.put({ call, wasSent, refusal });
  }

  private remove(entry: Entry): void {
    this.entries = this.entries.filter(each => each !== entry);
    this.options.kept.remove(entry.call.callId);
  }
}

const PASSING: readonly string[] = [
  SpecError.UNREACHABLE,
  SpecError.NO_EXTENSION,
  'STORE_UNAVAILABLE',
  'RATE_LIMITED',
  'UNAUTHENTICATED',
  'TOKEN_EXPIRED'
];

/** Whether the same call may succeed later. */
function mayPass({ code }: SpecError): boolean {
  return PASSING.includes(code);
}

function asRefusal(error: unknown): SpecError {
  return error instanceof SpecError
    ? error
    : new SpecError(SpecError.UNEXPECTED, error instanceof Error ? error.message : String(error));
}
