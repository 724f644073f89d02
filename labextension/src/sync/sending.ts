import {
  type ClientEvent,
  type Cursor,
  dataSize,
  type Limits,
  type RateLimit,
  type Refused,
  type SentOperation
} from '../protocol';
import type { Environment } from '../runtime';
import type { Operation, Text } from '../text';
import type { EditKeeper } from './editKeeper';
import {
  type Pacing,
  paceAcknowledged,
  paceLeft,
  paceRefused,
  paceSent,
  startPacing,
  waitBefore
} from './pacing';
import { type Remedy, remedyFor } from './refusal';
import { dispatch, type Replica } from './replica';
import { type Trouble, TroubleWatch } from './trouble';

/** Milliseconds without an answer after which the operation in flight is sent again. */
const ANSWER_WITHIN = 30_000;

/** The exchange that operations are sent for. */
export interface SendingState {
  replica(): Replica | null;
  /** Takes over `replica`, in which an operation is now in flight. */
  dispatched(replica: Replica): void;
  isOnline(): boolean;
  /** {@link Sending.trouble} changed without an event of the server. */
  troubled(): void;
  /** Whether a new operation may be sent, as far as the pace allows it. */
  mayDispatch(): boolean;
}

export interface SendingListener {
  send(event: ClientEvent): void;
  /** The user's cursor in `text`; `rest` is what is still unsent after it. */
  cursorIn(text: Text, rest: Operation | null): Cursor | undefined;
}

/** The UTF-16 units that surely fit into a frame of so many bytes: three bytes each, and the envelope. */
const frameUnits = (bytes: number) => Math.floor((bytes - 256) / 3);

/**
 * Sends the user's operations: one at a time, at the pace that the server allows, each stored before it is
 * sent, and again where no answer arrives.
 */
export class Sending {
  private limits: Limits | null = null;
  private pacing: Pacing | null = null;
  private cancelNext: (() => void) | null = null;
  private cancelResend: (() => void) | null = null;
  /** Faults of the server since the last acknowledgement. */
  private faults = 0;
  /** The id of an operation that was not committed; the next operation is sent under it. */
  private operationId: string | null = null;
  private readonly watch: TroubleWatch;

  constructor(
    private readonly environment: Environment,
    private readonly keeper: EditKeeper,
    private readonly state: SendingState,
    private readonly listener: SendingListener
  ) {
    this.watch = new TroubleWatch(environment, () => state.troubled());
  }

  /** Why the operation in flight has not been taken for a while; `null` where all is well. */
  get trouble(): Trouble | null {
    return this.watch.current;
  }

  /** How many operations the user has left in this minute; `null` where nothing is paced. */
  get operationsLeft(): number | null {
    return this.pacing && paceLeft(this.pacing, this.environment.now());
  }

  /** The largest size that the data of one operation may have, as `dataSize` counts it. */
  get sizeLimit(): number {
    const { operationLength = 10_000, frameBytes } = this.limits ?? {};
    return frameBytes ? Math.min(operationLength, frameUnits(frameBytes)) : operationLength;
  }

  /** Takes the server's limits. What was sent before counts on while the rate stays the same. */
  limit(limits: Limits): void {
    this.limits = limits;
    if (this.pacing?.limit !== limits.operationsPerMinute) {
      this.pacing = startPacing(limits.operationsPerMinute, this.environment.now());
    }
  }

  /** Sends the next operation as soon as the pace allows it. */
  pump(): void {
    const isBuffering = this.state.replica()?.pending.kind === 'buffering';
    if (this.cancelNext || !this.pacing || !isBuffering || !this.state.mayDispatch()) {
      return;
    }
    const wait = waitBefore(this.pacing, this.environment.now());
    if (wait > 0) {
      this.cancelNext = this.environment.after(Math.ceil(wait), () => {
        this.cancelNext = null;
        this.pump();
      });
    } else {
      this.sendNext();
    }
  }

  /** Sends the operation in flight again, where there is one. */
  resend(): void {
    this.unschedule();
    this.sendOutstanding();
  }

  /** Sends it again after `delay` milliseconds. */
  resendAfter(delay: number): void {
    this.unschedule();
    this.cancelResend = this.environment.after(Math.ceil(delay), () => this.resend());
  }

  /** The operation in flight was committed. */
  acknowledged(): void {
    this.answered();
    this.faults = 0;
  }

  /** The operation in flight has a final answer; `left` is what the server says about the rate. */
  answered(left?: RateLimit): void {
    this.unschedule();
    this.watch.settled();
    this.pacing = this.pacing && paceAcknowledged(this.pacing, left, this.environment.now());
  }

  /** The operation was not committed; the next one is sent under its id. */
  reuseId(operationId: string): void {
    this.operationId = operationId;
  }

  /** Decides what follows from a refusal. Waiting is arranged here, anything else is up to the caller. */
  refused(data: Refused, isRecovering: boolean): Remedy {
    const { faults } = this;
    const message = this.state.replica()?.pending.outstanding?.message;
    const isOversized = message !== undefined && dataSize(message) > this.sizeLimit;
    const remedy = remedyFor(data, { isRecovering, faults, isOversized });
    if (remedy.kind === 'slower') {
      this.pacing = this.pacing && paceRefused(this.pacing, remedy.delay, this.environment.now());
      this.resendAfter(remedy.delay);
      this.watch.refused(data);
    } else if (remedy.kind === 'again') {
      this.faults += remedy.isFault ? 1 : 0;
      this.resendAfter(remedy.delay);
      this.watch.refused(data);
    }
    return remedy;
  }

  /** The connection is gone: nothing is sent until {@link pump} or {@link resend}. */
  stop(): void {
    this.unschedule();
    this.watch.interrupted();
    this.cancelNext?.();
    this.cancelNext = null;
  }

  private sendNext(): void {
    const replica = this.state.replica();
    if (!replica) {
      return;
    }
    const next = dispatch(replica, {
      operationId: this.operationId ?? this.environment.uuid(),
      limit: this.sizeLimit,
      cursor: (text, rest) => this.listener.cursorIn(text, rest)
    });
    this.operationId = null;
    this.state.dispatched(next);
    this.sendOutstanding();
  }

  private sendOutstanding(): void {
    const message = this.state.replica()?.pending.outstanding?.message;
    if (message) {
      this.watch.sent();
      this.keeper.whenKept(message, () => this.transmit(message));
      this.pacing = this.pacing && paceSent(this.pacing, this.environment.now());
      this.resendAfter(ANSWER_WITHIN);
    }
  }

  private transmit(message: SentOperation): void {
    const { outstanding } = this.state.replica()?.pending ?? {};
    if (this.state.isOnline() && outstanding?.message === message) {
      this.listener.send({ event: 'operation', data: message });
    }
  }

  private unschedule(): void {
    this.cancelResend?.();
    this.cancelResend = null;
  }
}
