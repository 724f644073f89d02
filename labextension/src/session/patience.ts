import type { Environment } from '../runtime';

/** Ends when a value has not changed for a while. */
export class Patience<Value> {
  private last: Value | undefined;
  private cancel: () => void;

  /** Calls `over` after so many milliseconds without a new value. */
  constructor(
    private readonly environment: Environment,
    private readonly duration: number,
    private readonly over: () => void
  ) {
    this.cancel = environment.after(duration, over);
  }

  /** Waits anew if `value` is another one than before. */
  extendOn(value: Value): void {
    if (value !== this.last) {
      this.last = value;
      this.cancel();
      this.cancel = this.environment.after(this.duration, this.over);
    }
  }

  end(): void {
    this.cancel();
  }
}
