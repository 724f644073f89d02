import type { Clock } from './clock';
import { type Answer, type Ask, isPassing, NO_ANSWER, type Request } from './requests';

/** Milliseconds before each repetition of a request that failed; after the last it is given up. */
const REPEATED_AFTER: readonly number[] = [200, 800];

/** A request that is worth repeating. */
export interface Errand {
  readonly request: Request;
  /** Milliseconds without an answer after which it has failed. */
  readonly within: number;
  /** Whether it is made but once. */
  readonly isSingle?: boolean;
  answered(answer: Answer): void;
  /** Every repetition failed, too. */
  failed(reason: string): void;
}

/** Runs one errand at a time: makes its request, the same to the byte, for as long as the failure may pass. */
export class Runner {
  private stopCurrent: (() => void) | null = null;

  constructor(
    private readonly ask: Ask,
    private readonly clock: Clock
  ) {}

  get isBusy(): boolean {
    return this.stopCurrent !== null;
  }

  run(errand: Errand): void {
    this.stop();
    this.attempt(errand, 0);
  }

  /** Gives the errand up; nobody is told. */
  stop(): void {
    this.stopCurrent?.();
    this.stopCurrent = null;
  }

  private attempt(errand: Errand, failures: number): void {
    const settle = (answer: Answer) => {
      this.stop();
      this.settle(errand, failures, answer);
    };
    const abort = this.ask(errand.request, settle);
    const cancel = this.clock.after(errand.within, () => settle(NO_ANSWER));
    this.stopCurrent = () => {
      abort();
      cancel();
    };
  }

  private settle(errand: Errand, failures: number, answer: Answer): void {
    if (!isPassing(answer)) {
      errand.answered(answer);
    } else if (!errand.isSingle && failures < REPEATED_AFTER.length) {
      this.stopCurrent = this.clock.after(REPEATED_AFTER[failures], () =>
        this.attempt(errand, failures + 1)
      );
    } else {
      errand.failed(answer.status ? `HTTP ${answer.status}` : 'no answer');
    }
  }
}
