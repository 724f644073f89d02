import type { Acknowledged, CommittedOperation, Limits, Refused, Sync, VersionConflict } from '../protocol';
import type { Environment } from '../runtime';
import { diff, InvalidContent, InvalidOperation, Operation, Text } from '../text';
import { REPLACED, type Message } from './notices';
import { Coalescing } from './coalescing';
import { Inquiry } from './inquiry';
import { adopted, type Content, isContinued, type Recovery } from './recovery';
import { refusalOf } from './refusal';
import {
  acknowledged,
  edited,
  receive,
  type Received,
  type Replica,
  replicaOf,
  withdraw,
  withoutEdits
} from './replica';
import { Sending, type SendingListener } from './sending';
import type { ChangeOrigin } from './changeOrigin';

/** What the document's exchange with the server needs from, and says to, the connection around it. */
export interface ExchangeListener extends SendingListener {
  /** The text changed from `before` by something that the user did not do. */
  textChanged(
    operation: Operation,
    before: Text,
    origin: ChangeOrigin,
    userId: string | null
  ): void;
  /** The version, or what is pending, is another one. */
  progressed(): void;
  noticed(notice: Message): void;
  /** Edits of `replica` will not be sent as they are, and `why`. */
  stranded(replica: Replica, why: Message): void;
  /** The server owes an answer for too long. */
  stalled(): void;
  /** The edits can't be brought over, whatever is tried. */
  failed(error: Message): void;
}

const EMPTY_TEXT = Text.of('');

/**
 * Keeps a replica and the server's document together: takes the user's edits and the server's events, and
 * says what to send and what to show.
 *
 * Laws (`convergence.test.ts`): with every edit acknowledged all replicas hold the same text, whatever was
 * delayed, cut or sent twice; an operation that is sent again is the same to the byte.
 */
export class Exchange {
  private current: Replica | null = null;
  private recovery: Recovery | null = null;
  private isOnline = false;
  private isWritable = false;
  private readonly sending: Sending;
  private readonly inquiry: Inquiry;
  private readonly coalescing: Coalescing;

  constructor(
    environment: Environment,
    private readonly listener: ExchangeListener
  ) {
    const waiting = {
      replica: () => this.current,
      dispatched: (replica: Replica) => {
        this.current = replica;
        listener.progressed();
      },
      isOnline: () => this.isOnline,
      mayTransmit: () => this.isOnline && this.isWritable && !this.recovery
    };
    this.sending = new Sending(environment, waiting, listener);
    this.inquiry = new Inquiry(environment, listener);
    this.coalescing = new Coalescing((change, before, userId) =>
      listener.textChanged(change, before, 'remote', userId)
    );
  }

  get replica(): Replica | null {
    return this.current;
  }

  /** The text that the user sees; empty before there is one. */
  get document(): Text {
    return this.current?.text ?? EMPTY_TEXT;
  }

  /** Whether the server's text and this one are being brought together as wholes. */
  get isRecovering(): boolean {
    return this.recovery !== null;
  }

  /** How many operations this minute has left for the user; `null` where that is no matter. */
  get operationsLeft(): number | null {
    return this.sending.operationsLeft;
  }

  /** The most that the data of one operation may take, as `dataSize` counts. */
  get sizeLimit(): number {
    return this.sending.sizeLimit;
  }

  /** Goes on from `replica`, or from nothing. */
  restore(replica: Replica | null): void {
    const before = this.document;
    this.current = replica;
    this.recovery = null;
    const whole = Operation.of(this.document.toString(), -before.length);
    this.listener.textChanged(whole, before, 'loaded', null);
  }

  /** The session was joined, with the text or with what was missed. */
  joined(data: Sync, limits: Limits): void {
    this.isOnline = true;
    this.inquiry.settled();
    this.sending.limit(limits);
    this.take(data);
    if (!this.recovery) {
      this.sending.resend();
    }
    this.resume();
  }

  /** The connection is gone; edits are kept. */
  disconnected(): void {
    this.isOnline = false;
    this.recovery = null;
    this.inquiry.settled();
    this.sending.stop();
  }

  /** Whether the user's role lets the server take edits. */
  setWritable(isWritable: boolean): void {
    this.isWritable = isWritable;
    if (this.isOnline) {
      this.resume();
    }
  }

  /** The user edited: `operation` is over the replica's text. */
  edit(operation: Operation): void {
    this.current = this.current && edited(this.current, operation);
    this.sending.pump();
    this.listener.progressed();
  }

  remoteOperation(entry: CommittedOperation): void {
    this.receiveEntry(entry);
    this.resume();
  }

  sync(data: Sync): void {
    this.inquiry.settled();
    this.take(data);
    this.resume();
  }

  acknowledgement(data: Acknowledged | Refused): void {
    if (data.operationId !== this.current?.pending.outstanding?.message.operationId) {
      return;
    }
    if (!data.success) {
      this.refused(data);
    } else if (this.recovery) {
      this.fetch(true);
    } else {
      this.sending.answered(data.rateLimit);
      this.settle(acknowledged(this.current, data.version), null);
    }
    this.resume();
  }

  conflict(data: VersionConflict): void {
    const sent = this.current?.pending.outstanding?.message;
    if (
      !this.current ||
      data.operationId !== sent?.operationId ||
      data.expectedVersion !== sent.version
    ) {
      return; // another one's, or the answer to an earlier sending
    }
    this.sending.answered();
    if (this.recovery) {
      this.fetch(false);
      return;
    }
    this.receiveAll(data.conflictingOperations);
    if (this.current.version === data.currentVersion) {
      this.sending.conflicted(data);
      this.current = withdraw(this.current);
    } else {
      this.fetch(false);
    }
    this.resume();
  }

  /** Asks for the server's text: the steps since the present version, or the whole where they won't do. */
  requestSync(wanted: 'steps' | 'content'): void {
    if (this.current) {
      this.inquiry.ask(wanted, this.current.version);
    }
  }

  private take(data: Sync): void {
    if (data.content !== undefined) {
      this.takeContent({ ...data, content: data.content });
    } else if (this.current && data.epoch !== this.current.epoch) {
      this.requestSync('content');
    } else {
      this.receiveAll(data.operations ?? []);
    }
  }

  /** What was missed is shown as one change, however much it was. */
  private receiveAll(entries: readonly CommittedOperation[]): void {
    this.coalescing.asOne(this.current?.text, () => {
      entries.forEach(entry => this.receiveEntry(entry));
    });
  }

  private receiveEntry(entry: CommittedOperation): void {
    if (!this.current) {
      return;
    }
    if (this.recovery) {
      if (entry.operationId === this.current.pending.outstanding?.message.operationId) {
        this.fetch(true);
      }
      return;
    }
    try {
      this.settle(receive(this.current, entry), entry.userId);
    } catch (error) {
      if (!(error instanceof InvalidOperation || error instanceof InvalidContent)) {
        throw error;
      }
      this.requestSync('content');
    }
  }

  private settle(received: Received, userId: string | null): void {
    const before = this.current?.text;
    this.current = received.replica;
    switch (received.outcome) {
      case 'acknowledged':
        this.sending.acknowledged();
        break;
      case 'gap':
        this.requestSync('steps');
        break;
      case 'contradiction':
        this.fetch(true);
        break;
      case 'known':
        break;
      case 'applied':
        if (received.change && before) {
          this.coalescing.add(received.change, before, userId);
        }
    }
  }

  private takeContent(server: Content): void {
    const { current } = this;
    if (!current) {
      this.restore(replicaOf(server.epoch, server.version, server.content));
      return;
    }
    const isSameHistory = isContinued(current, server);
    if (!this.recovery && isSameHistory && server.version === current.version) {
      return;
    }
    if (!this.recovery && isSameHistory && current.pending.outstanding) {
      this.recovery = { step: 'asking' };
      this.sending.resend();
      return;
    }
    const { replica, change, notice } = adopted(current, server, this.recovery);
    this.recovery = null;
    this.sending.answered();
    this.current = replica;
    if (!change.isEmpty) {
      this.listener.textChanged(change, current.text, 'merged', null);
    }
    if (notice) {
      this.listener.noticed(notice);
    }
    if (notice === REPLACED) {
      this.listener.stranded(current, notice);
    }
  }

  private refused(data: Refused): void {
    const remedy = this.sending.refused(data, this.isRecovering);
    switch (remedy.kind) {
      case 'slower':
      case 'again':
        break;
      case 'fetch':
        this.fetch(remedy.committed);
        break;
      case 'cut':
        this.sending.answered();
        this.current = this.current && withdraw(this.current);
        break;
      case 'fail':
        this.fail(remedy.error);
    }
  }

  private fetch(committed: boolean | null): void {
    this.sending.answered();
    this.recovery = { step: 'fetching', committed };
    this.requestSync('content');
  }

  /** Goes on with what is pending, after whatever came. */
  private resume(): void {
    const pending = this.current?.pending;
    if (pending?.kind === 'buffering' && this.isOnline && !this.isWritable && !this.recovery) {
      this.fail(refusalOf('FORBIDDEN', ''));
      return;
    }
    this.sending.pump();
    this.listener.progressed();
  }

  /** Where only the right to edit is gone, the text lives on without the edits, which are put aside. */
  private fail(error: Message): void {
    const { current } = this;
    if (error.code === 'FORBIDDEN' && current) {
      this.sending.answered();
      this.current = withoutEdits(current);
      const change = diff(current.text.toString(), this.document.toString());
      this.listener.textChanged(change, current.text, 'merged', null);
      this.listener.stranded(current, error);
      this.listener.noticed(error);
      this.listener.progressed();
      return;
    }
    this.disconnected();
    this.listener.failed(error);
  }
}
