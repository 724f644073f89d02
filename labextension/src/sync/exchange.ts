import type {
  Acknowledged,
  CommittedOperation,
  Failure,
  Limits,
  Refused,
  ServerEvent,
  Sync,
  VersionConflict
} from '../protocol';
import type { Environment } from '../runtime';
import { InvalidContent, InvalidOperation, Operation, Text } from '../text';
import { Adopting, type Outcome } from './adopting';
import type { ChangeOrigin } from './change';
import { Coalescing } from './coalescing';
import type { EditKeeper } from './editKeeper';
import type { ExchangeListener } from './exchangeListener';
import { Inquiry } from './inquiry';
import { FORBIDDEN, type Message, type Notices, REPLACED } from './notices';
import { type Content, fetching, isOutdated, type Recovery, stepAfter } from './recovery';
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
import { Sending } from './sending';
import type { Trouble } from './trouble';

/**
 * Keeps a replica and the server's document together: takes the user's edits and the server's events, and
 * says what to send and what to show.
 *
 * Laws (`convergence.test.ts`): with every edit acknowledged all replicas hold the same text, whatever was
 * delayed, cut or sent twice; an operation that is sent again is the same to the byte.
 * `vectors.test.ts` holds it to the same scripts as the Python client.
 */
export class Exchange {
  private current: Replica | null = null;
  private recovery: Recovery | null = null;
  private adopting: Adopting | null = null;
  private isOnline = false;
  private isWritable = false;
  private readonly sending: Sending;
  private readonly inquiry: Inquiry;
  private readonly coalescing: Coalescing;

  constructor(
    private readonly environment: Environment,
    private readonly keeper: EditKeeper,
    private readonly notices: Notices,
    private readonly listener: ExchangeListener
  ) {
    const state = {
      replica: () => this.current,
      dispatched: (replica: Replica) => {
        this.current = replica;
        listener.progressed();
      },
      isOnline: () => this.isOnline,
      troubled: () => listener.progressed(),
      mayDispatch: () => this.isOnline && this.isWritable && !this.isRecovering
    };
    this.sending = new Sending(environment, keeper, state, listener);
    const version = () => this.current?.version ?? 0;
    this.inquiry = new Inquiry(environment, version, listener, state.troubled);
    this.coalescing = new Coalescing((change, before, userId) =>
      this.show(change, before, 'remote', userId)
    );
  }

  get replica(): Replica | null {
    return this.current;
  }

  /** The shown text; empty before there is one. */
  get document(): Text {
    return this.current?.text ?? Text.EMPTY;
  }

  /** Whether the server's text and this one are being brought together as wholes. */
  get isRecovering(): boolean {
    return this.recovery !== null || this.adopting !== null;
  }

  /** Why the server has not taken edits, or not given the text, for a while; `null` where all is well. */
  get trouble(): Trouble | null {
    return this.sending.trouble ?? this.inquiry.trouble;
  }

  /** How many operations the user has left in this minute; `null` where nothing is paced. */
  get operationsLeft(): number | null {
    return this.sending.operationsLeft;
  }

  /** The largest size that the data of one operation may have, as `dataSize` counts it. */
  get sizeLimit(): number {
    return this.sending.sizeLimit;
  }

  /** Continues from `replica`, or from nothing. */
  restore(replica: Replica | null): void {
    const before = this.document;
    this.sending.answered(); // what was in flight is another replica's
    this.current = replica;
    this.stopRecovering();
    const whole = Operation.of(this.document.toString(), -before.length);
    this.show(whole, before, 'loaded', null);
  }

  /** The session was joined; `data` holds the text or the operations that were missed. */
  joined(data: Sync, limits: Limits): void {
    this.isOnline = true;
    this.inquiry.settled();
    this.sending.limit(limits);
    this.take(data);
    if (!this.isRecovering) {
      this.sending.resend();
    }
    this.resume();
  }

  /** The connection is gone; edits are kept. */
  disconnected(): void {
    this.isOnline = false;
    this.stopRecovering();
    this.inquiry.settled();
    this.sending.stop();
  }

  /** Whether the user's role allows editing. */
  setWritable(isWritable: boolean): void {
    this.isWritable = isWritable;
    if (this.isOnline) {
      this.resume();
    }
  }

  /** The user edited; `operation` is over {@link document}. */
  edit(operation: Operation): void {
    this.current = this.current && edited(this.current, operation);
    this.adopting?.edited(operation);
    this.sending.pump();
    this.listener.progressed();
  }

  /** Takes an event of the server; events that do not concern the text are ignored. */
  receive(event: ServerEvent): void {
    if (this.adopting) {
      this.adopting.hold(event);
      return;
    }
    switch (event.event) {
      case 'remote_operation':
        this.receiveEntry(event.data);
        break;
      case 'operation_ack':
        this.takeAnswer(event.data);
        break;
      case 'version_conflict':
        this.takeConflict(event.data);
        break;
      case 'sync':
        this.inquiry.answered(event.data.content !== undefined);
        this.take(event.data);
        break;
      case 'error':
        this.takeError(event.data);
        break;
      default:
        return;
    }
    this.resume();
  }

  private takeAnswer(data: Acknowledged | Refused): void {
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
      case 'split':
        this.sending.answered();
        this.current = this.current && withdraw(this.current);
        break;
      case 'fail':
        this.fail(remedy.error);
    }
  }

  private takeConflict(data: VersionConflict): void {
    const sent = this.current?.pending.outstanding?.message;
    if (
      !this.current ||
      data.operationId !== sent?.operationId ||
      data.expectedVersion !== sent.version
    ) {
      return; // about another operation, or the answer to an earlier base of this one
    }
    this.sending.answered();
    if (this.recovery) {
      this.fetch(false);
      return;
    }
    this.receiveAll(data.conflictingOperations);
    if (this.recovery || !this.current.pending.outstanding) {
      return; // the list contained the operation itself
    }
    if (this.current.version === data.currentVersion) {
      this.sending.reuseId(data.operationId);
      this.current = withdraw(this.current);
    } else {
      this.fetch(false);
    }
  }

  private takeError(error: Failure): void {
    if (this.inquiry.isOpen) {
      this.inquiry.failed(error);
    } else if (this.current && error.code === 'VERSION_CONFLICT') {
      this.inquiry.ask('steps');
    }
  }

  /** Takes the server's text: the operations that were missed, or the whole. */
  private take(data: Sync): void {
    if (this.current && isOutdated(this.current, data)) {
      this.inquiry.askLater(this.recovery ? 'content' : 'steps');
    } else if (data.content !== undefined) {
      this.takeContent({ ...data, content: data.content });
    } else if (this.current && data.epoch !== this.current.epoch) {
      this.inquiry.ask('content');
    } else {
      this.receiveAll(data.operations ?? []);
    }
  }

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
      this.inquiry.ask('content');
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
        this.inquiry.ask('steps');
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
    const { current, recovery } = this;
    if (!current) {
      this.restore(replicaOf(server.epoch, server.version, server.content));
      return;
    }
    switch (stepAfter(current, server, recovery)) {
      case 'ignore':
        break;
      case 'resend':
        this.recovery = { step: 'asking' };
        this.sending.resend();
        break;
      case 'adopt':
        this.adopting = Adopting.begin(
          this.environment,
          { current, server, recovery },
          this.adopted
        );
    }
  }

  /** The server's text replaces the committed one, and the unsent edits are merged into it. */
  private readonly adopted: Outcome = ({ replica, change, notice }, waiting) => {
    const before = this.current;
    this.stopRecovering();
    this.sending.answered();
    this.current = replica;
    if (before && !change.isEmpty) {
      this.show(change, before.text, 'merged', null);
    }
    if (notice) {
      this.notices.show(notice);
    }
    if (before && notice === REPLACED) {
      this.keeper.setAside(before, notice);
    }
    waiting?.forEach(event => this.receive(event));
    if (waiting) {
      this.resume();
    }
  };

  private stopRecovering(): void {
    this.adopting?.stop();
    this.recovery = this.adopting = null;
  }

  /** Requests the server's text; `committed` says whether that contains the operation in flight. */
  private fetch(committed: boolean | null): void {
    this.sending.answered();
    this.recovery = fetching(this.recovery, committed);
    this.inquiry.ask('content');
  }

  private show(
    operation: Operation,
    before: Text,
    origin: ChangeOrigin,
    userId: string | null
  ): void {
    this.listener.textChanged({ operation, before, after: this.document, origin, userId });
  }

  /** Continues with the pending edits after an event. */
  private resume(): void {
    const pending = this.current?.pending;
    if (pending?.kind === 'buffering' && this.isOnline && !this.isWritable && !this.isRecovering) {
      this.fail(FORBIDDEN);
      return;
    }
    this.sending.pump();
    this.listener.progressed();
  }

  /** Where only the right to edit is gone, the edits are put aside and the text stays live. */
  private fail(error: Message): void {
    const { current } = this;
    if (error.code === FORBIDDEN.code && current) {
      this.sending.answered();
      const { replica, change } = withoutEdits(current);
      this.current = replica;
      this.show(change, current.text, 'merged', null);
      this.listener.forbidden();
      this.keeper.setAside(current, error);
      this.notices.show(error);
      this.listener.progressed();
      return;
    }
    this.disconnected();
    this.listener.failed(error);
  }
}
