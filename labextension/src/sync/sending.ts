import { type ClientEvent, type Cursor, dataSize, type Limits, type RateLimit, type Refused, type SentOperation, type VersionConflict } from '../protocol';
import type { Environment } from '../runtime';
import type { Operation, Text } from '../text';
import { Outbox } from './outbox';
import { type Remedy, remedyFor } from './refusal';
import { dispatch, type Replica } from './replica';

/** What is to be sent, and whether it may be now. */
export interface Waiting {
  replica(): Replica | null;
  /** The replica, with an operation in flight. */
  dispatched(replica: Replica): void;
  isOnline(): boolean;
  /** Whether nothing but the pace keeps a new operation from going. */
  mayTransmit(): boolean;
}

export interface SendingListener {
  send(event: ClientEvent): void;
  /** Calls back once `message` would outlive the page. */
  whenKept(message: SentOperation, then: () => void): void;
  /** Where the user's cursor will be in `text`, `rest` still being unsent behind it. */
  cursorIn(text: Text, rest: Operation | null): Cursor | undefined;
}

/** The share of a frame's bytes that UTF-16 units may take: three bytes each, and some for the envelope. */
const frameUnits = (bytes: number) => Math.floor((bytes - 256) / 3);

/** Brings the user's operations on their way: one at a time, kept before it goes, as large as the server takes. */
export class Sending {
  private limits: Limits | null = null;
  private faults = 0;
  /** The id of an operation that was not committed, to be used for its next sending. */
  private operationId: string | null = null;
  private readonly outbox: Outbox;

  constructor(
    private readonly environment: Environment,
    private readonly waiting: Waiting,
    private readonly listener: SendingListener
  ) {
    this.outbox = new Outbox(environment, {
      hasNext: () => waiting.mayTransmit() && waiting.replica()?.pending.kind === 'buffering',
      sendNext: () => this.sendNext(),
      sendAgain: () => this.sendOutstanding()
    });
  }

  /** How many operations this minute has left for the user; `null` where that is no matter. */
  get operationsLeft(): number | null {
    return this.outbox.left;
  }

  /** The most that the data of one operation may take, as `dataSize` counts. */
  get sizeLimit(): number {
    const { operationLength = 10_000, frameBytes } = this.limits ?? {};
    return frameBytes ? Math.min(operationLength, frameUnits(frameBytes)) : operationLength;
  }

  limit(limits: Limits): void {
    this.limits = limits;
    this.outbox.limit(limits.operationsPerMinute);
  }

  /** Sends what is waiting, now or when its turn comes. */
  pump(): void {
    this.outbox.pump();
  }

  /** Sends the operation in flight again, where one is. */
  resend(): void {
    this.outbox.resend();
  }

  /** The operation in flight was answered for good; `left` is what the server says of the rate. */
  answered(left?: RateLimit): void {
    this.outbox.answered(left);
  }

  /** It was committed. */
  acknowledged(): void {
    this.outbox.answered();
    this.faults = 0;
  }

  /** It was not committed: its edits go again under the same id. */
  conflicted({ operationId }: VersionConflict): void {
    this.operationId = operationId;
  }

  /** What to do about a refusal; where only waiting helps it is seen to here. */
  refused(data: Refused, isRecovering: boolean): Remedy {
    const { faults } = this;
    const message = this.waiting.replica()?.pending.outstanding?.message;
    const isOversized = message !== undefined && dataSize(message) > this.sizeLimit;
    const remedy = remedyFor(data, { isRecovering, faults, isOversized });
    if (remedy.kind === 'slower') {
      this.outbox.refusedForRate(remedy.delay);
    } else if (remedy.kind === 'again') {
      this.faults += remedy.isFault ? 1 : 0;
      this.outbox.again(remedy.delay);
    }
    return remedy;
  }

  /** The connection is gone. */
  stop(): void {
    this.outbox.stop();
  }

  private sendNext(): void {
    const replica = this.waiting.replica();
    if (!replica) {
      return;
    }
    const next = dispatch(replica, {
      operationId: this.operationId ?? this.environment.uuid(),
      limit: this.sizeLimit,
      cursor: (text, rest) => this.listener.cursorIn(text, rest)
    });
    this.operationId = null;
    this.waiting.dispatched(next);
    this.sendOutstanding();
  }

  private sendOutstanding(): boolean {
    const message = this.waiting.replica()?.pending.outstanding?.message;
    if (message) {
      this.listener.whenKept(message, () => this.transmit(message));
    }
    return message !== undefined;
  }

  private transmit(message: SentOperation): void {
    const { outstanding } = this.waiting.replica()?.pending ?? {};
    if (this.waiting.isOnline() && outstanding?.message === message) {
      this.listener.send({ event: 'operation', data: message });
    }
  }
}
