import type { Clock } from '../runtime/clock';
import { type Answer, type Ask, isPassing, NO_ANSWER, type Request } from './requests';

/** Milliseconds before each repetition of a request that failed; after the last it is given up. */
const REPEATED_AFTER: readonly number[] = [200, 800];

/** A request that is worth repeating. */
export interface RetriedRequest {
  readonly request: Request;
  /** Milliseconds without an answer after which it has failed. */
  readonly within: number;
  /** Whether it is made but once. */
  readonly isSingle?: boolean;
  answered(answer: Answer): void;
  /** Every repetition failed, too. */
  failed(reason: string): void;
}

/** Runs one retried at a time: makes its request, the same to the byte, for as long as the failure may pass. */
export class RequestRunner {
  private stopCurrent: (() => void) | null = null;

  constructor(
    private readonly ask: Ask,
    private readonly clock: Clock
  ) {}

  get isBusy(): boolean {
    return this.stopCurrent !== null;
  }

  run(retried: RetriedRequest): void {
    this.stop();
    this.attempt(retried, 0);
  }

  /** Gives the retried up; nobody is told. */
  stop(): void {
    this.stopCurrent?.();
    this.stopCurrent = null;
  }

  private attempt(retried: RetriedRequest, failures: number): void {
    const settle = (answer: Answer) => {
      this.stop();
      this.settle(retried, failures, answer);
    };
    const abort = this.ask(retried.request, settle);
    const cancel = this.clock.after(retried.within, () => settle(NO_ANSWER));
    this.stopCurrent = () => {
      abort();
      cancel();
    };
  }

  private settle(retried: RetriedRequest, failures: number, answer: Answer): void {
    if (!isPassing(answer)) {
      retried.answered(answer);
    } else if (!retried.isSingle && failures < REPEATED_AFTER.length) {
      this.stopCurrent = this.clock.after(REPEATED_AFTER[failures], () =>
        this.attempt(retried, failures + 1)
      );
    } else {
      retried.failed(answer.status ? `HTTP ${answer.status}` : 'no answer');
    }
  }
}
