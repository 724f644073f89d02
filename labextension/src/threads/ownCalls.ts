import type { TranslationBundle } from '@jupyterlab/translation';

import type { Claims } from '../keeping';
import type { Environment } from '../runtime';
import { SpecError } from '../server/error';
import type { Thread, ThreadsApi } from '../server/threads';
import type { Change, SpecConnection } from '../session';
import { codePointLength } from '../text';
import type { AnchorBoard } from './anchorBoard';
import { Beginning, placedAgain, replacementOf } from './beginning';
import { CallQueue } from './callQueue';
import { isOpening, type OpenCall, type Person, type ThreadCall, type WrittenCall } from './calls';
import { type KeptCall, KeptCalls } from './keptCalls';
import { type ListedStorage, MessageDrafts } from './messageDrafts';
import { committedRange } from './newRange';

/** The code of a refusal: what a new thread is about is gone from the text. */
export const PASSAGE_GONE = 'PASSAGE_GONE';

export interface OwnCallsOptions {
  readonly connection: Pick<SpecConnection, 'specId' | 'document' | 'replica' | 'state'>;
  readonly api: Omit<ThreadsApi, 'list' | 'get'>;
  readonly environment: Environment;
  readonly storage: ListedStorage;
  readonly claims: Claims;
  /** The server's address. */
  readonly server: string;
  readonly trans: TranslationBundle;
}

export interface OwnCallsListener {
  /** The server has a call. `thread` is `null` where it is gone, and `undefined` where the server did not say. */
  done(call: ThreadCall, thread: Thread | null | undefined): void;
  /** What waits or is refused is another. */
  changed(): void;
}

/** What one user did with the threads of a spec in this page, or in one before it, until the server has it. */
export class OwnCalls {
  readonly drafts: MessageDrafts;
  private readonly kept: KeptCalls;
  private readonly queue: CallQueue;
  private readonly beginning: Beginning;

  constructor(
    private readonly options: OwnCallsOptions,
    readonly me: Person,
    private readonly board: () => AnchorBoard,
    listener: OwnCallsListener
  ) {
    const { connection, environment, storage, claims, server } = options;
    const origin = JSON.stringify([server, connection.specId, me.userId]);
    this.drafts = new MessageDrafts(storage, origin);
    this.kept = new KeptCalls(storage, claims, environment, origin);
    this.beginning = new Beginning({
      connection,
      moved: call => this.queue.replace(call),
      placed: call => this.placed(call),
      gone: call => this.queue.refuse(call.callId, this.passageGone())
    });
    this.queue = new CallQueue({
      clock: environment,
      kept: this.kept,
      canSend: () => isWell(connection.state),
      send: call => this.send(call),
      done: (call, thread) => {
        this.beginning.remove(call.threadId);
        listener.done(call, thread);
      },
      placedAnew: call => (isOpening(call) ? this.placedAnew(call) : this.passageGone()),
      changed: () => listener.changed()
    });
    this.adopt();
  }

  get waiting(): readonly ThreadCall[] {
    return this.queue.waiting;
  }

  get refused(): readonly { readonly call: WrittenCall; readonly error: SpecError }[] {
    return this.queue.refused;
  }

  /** Whether something is on its way to the server. */
  get isBusy(): boolean {
    return this.queue.isBusy;
  }

  /** New threads that have no place in the committed text, with their ranges in the shown one. */
  get unplaced(): readonly OpenCall[] {
    return this.beginning.all;
  }

  add(call: ThreadCall): Promise<void> {
    const sent = this.queue.add(call);
    if (isOpening(call)) {
      this.beginning.add(call);
    }
    return sent;
  }

  /** Forgets a new thread that the server has not been told of; `false` if it may have been. */
  withdraw(threadId: string): boolean {
    const isWithdrawn = this.queue.withdraw(threadId);
    if (isWithdrawn) {
      this.beginning.remove(threadId);
      this.board().remove(threadId);
    }
    return isWithdrawn;
  }

  retry(callId: string): void {
    const call = this.queue.refused.find(refused => refused.call.callId === callId)?.call;
    if (!call || !isOpening(call)) {
      this.queue.retry(callId);
      return;
    }
    const { replica } = this.options.connection;
    const again = replica && placedAgain(call, replica); // on its words, wherever they are now
    if (again) {
      this.queue.replace(again);
      this.queue.retry(callId);
      this.beginning.add(again);
    }
  }

  discard(callId: string): void {
    this.queue.discard(callId);
  }

  /** The server told of a thread, which may show that it has a call. */
  met(thread: Thread): void {
    this.queue.met(thread);
  }

  /** The shown text changed. */
  textChanged(change: Change): void {
    this.beginning.changed(change);
  }

  /** The state of the connection changed: there may be an acknowledgement. */
  stateChanged(): void {
    this.beginning.place();
    this.queue.pump();
  }

  /** The session was joined, maybe after a loss. */
  joined(): void {
    this.adopt();
    this.queue.wake();
  }

  /** Nothing is known of where new threads are: the board is new, and the spec may have another history. */
  placeAll(): void {
    const begun = new Set(this.unplaced.map(({ threadId }) => threadId));
    for (const call of this.queue.waiting) {
      if (isOpening(call) && !begun.has(call.threadId)) {
        this.placeAgain(call, false);
      }
    }
  }

  /** Sends nothing more; what waits stays for another page. */
  close(): void {
    this.queue.close();
    this.kept.close();
  }

  private adopt(): void {
    this.kept.adopt(calls => {
      this.queue.adopt(calls);
      calls.forEach(kept => this.resume(kept));
    });
  }

  /** Puts a new thread of an earlier page back on its words. */
  private resume({ call, wasSent, refusal }: KeptCall): void {
    if (!refusal && isOpening(call)) {
      this.placeAgain(call, wasSent);
    }
  }

  /** One that may have reached the server stays as it was sent. */
  private placeAgain(call: OpenCall, wasSent: boolean): void {
    const { replica } = this.options.connection;
    if (replica && call.place?.epoch === replica.epoch) {
      this.board().take(call.threadId, { ...call.place, orphaned: false }, call.quote, replica);
    } else if (!call.place || !wasSent) {
      this.begin(call);
    }
  }

  private begin(call: OpenCall): void {
    const { replica } = this.options.connection;
    const again = replica && placedAgain(call, replica);
    if (again) {
      this.queue.replace(again);
      this.beginning.add(again);
    } else {
      this.queue.refuse(call.callId, this.passageGone());
    }
  }

  private placed(call: OpenCall): void {
    const { replica } = this.options.connection;
    if (replica && call.place) {
      this.board().take(call.threadId, { ...call.place, orphaned: false }, call.quote, replica);
    }
    this.queue.replace(call);
    this.queue.pump();
  }

  /** The server does not take the range of a version that it is too far from. */
  private placedAnew(call: OpenCall): OpenCall | SpecError {
    const { replica } = this.options.connection;
    const board = this.board();
    if (!replica) {
      return call;
    }
    board.follow(replica);
    const anchor = board.committed(call.threadId);
    if (anchor?.letters === null) {
      const { start, end } = anchor;
      const words = replica.committed.slice(start, end);
      const place = { start, end, epoch: replica.epoch, version: replica.version };
      const isWhole = codePointLength(call.quote) === call.range.end - call.range.start;
      return isWhole || call.replacement === null
        ? { ...call, replacement: replacementOf(call, call.quote, words), place }
        : this.passageGone(); // what others changed in it is not known
    }
    const again = anchor ? null : placedAgain(call, replica);
    const place = again && committedRange(again.range, replica);
    return again && place
      ? { ...again, place: { ...place, epoch: replica.epoch, version: replica.version } }
      : this.passageGone();
  }

  private send(call: ThreadCall): Promise<Thread | null> {
    const { api, connection } = this.options;
    const { specId } = connection;
    const { threadId } = call;
    switch (call.kind) {
      case 'comment':
      case 'suggestion':
        return api.open(specId, newThread(call));
      case 'reply':
        return api.reply(specId, threadId, { messageId: call.messageId, body: call.body });
      case 'edit':
        return api.editMessage(specId, threadId, call.messageId, call.body);
      case 'removeMessage':
        return api.removeMessage(specId, threadId, call.messageId);
      case 'state':
        return api.setState(specId, threadId, call.state);
      case 'remove':
        return api.remove(specId, threadId).then(() => null);
    }
  }

  private passageGone(): SpecError {
    const { trans } = this.options;
    return new SpecError(
      PASSAGE_GONE,
      trans.__('The words that this is about are gone. Copy your text, and select others.')
    );
  }
}

function newThread({ threadId, kind, place, body, replacement }: OpenCall) {
  const { start, end, version } = place!;
  return {
    threadId,
    kind,
    start,
    end,
    version,
    ...(body ? { body } : {}),
    ...(replacement === null ? {} : { replacement })
  };
}

/** Whether the server can be reached, or the view was closed while it could. */
function isWell({ status, error }: SpecConnection['state']): boolean {
  return status === 'synchronised' || status === 'saving' || (status === 'ended' && error === null);
}
