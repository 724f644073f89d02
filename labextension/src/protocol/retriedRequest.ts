import type { Clock } from '../runtime/clock';
import { type Answer, type Ask, isTemporary, NO_ANSWER, type Request } from './requests';

/** Milliseconds before each repetition of a failed request; after the last one it has failed for good. */
const RETRY_DELAYS: readonly number[] = [200, 800];

/** A request that is repeated if it fails. */
export interface RetriedRequest {
  readonly request: Request;
  /** Milliseconds without a response after which an attempt has failed. */
  readonly within: number;
  /** Whether the request is not repeated. */
  readonly isSingle?: boolean;
  answered(answer: Answer): void;
  /** Called after the last attempt has failed. */
  failed(reason: string): void;
}

/** Runs one request at a time, and repeats it unchanged while its failure may be temporary. */
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

  /** Gives the request up without calling back. */
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
    if (!isTemporary(answer)) {
      retried.answered(answer);
    } else if (!retried.isSingle && failures < RETRY_DELAYS.length) {
      this.stopCurrent = this.clock.after(RETRY_DELAYS[failures], () =>
        this.attempt(retried, failures + 1)
      );
    } else {
      retried.failed(answer.status ? `HTTP ${answer.status}` : 'no answer');
    }
  }
}
