import type { Clock } from '../../runtime';

/** Milliseconds between two requests. */
export const PAUSE = 5_000;
/** Milliseconds until the next one where one has failed. */
export const PAUSE_AFTER_FAILURE = 60_000;

export interface ReadMarkOptions {
  readonly clock: Clock;
  /** The mark that the server has; `null` if the user never had one. */
  readonly present: number | null;
  /** Whether the server can be reached, and the spec be read. */
  canSend(): boolean;
  /** Raises the mark on the server; resolves to the one that it has then. */
  send(version: number): Promise<number>;
}

/**
 * Up to which version the user has read a spec, as the server shall have it.
 *
 * Laws (`readMark.test.ts`): it only rises; there is at most one request in {@link PAUSE} milliseconds, whatever is
 * read meanwhile, and one more when the reader leaves.
 */
export class ReadMark {
  private present: number | null;
  private wanted: number;
  private isSending = false;
  private cancel: (() => void) | null = null;
  private isOver = false;

  constructor(private readonly options: ReadMarkOptions) {
    this.present = options.present;
    this.wanted = options.present ?? -1;
  }

  /** The highest version that was read, whether the server knows or not; `null` if none ever was. */
  get version(): number | null {
    return this.wanted < 0 ? null : this.wanted;
  }

  /** The user has read everything up to this version. */
  raise(version: number): void {
    if (version > this.wanted && !this.isOver) {
      this.wanted = version;
      if (!this.cancel && !this.isSending) {
        this.send();
      }
    }
  }

  /** Tells the server now: the page may be left. */
  flush(version: number = this.wanted): void {
    this.wanted = Math.max(this.wanted, version);
    if (!this.isOver && this.wanted > (this.present ?? -1)) {
      this.send();
    }
  }

  /** Ends the requests. */
  dispose(): void {
    this.cancel?.();
    this.isOver = true;
  }

  private send(): void {
    const sent = this.wanted;
    this.cancel?.();
    this.cancel = null;
    if (!this.options.canSend()) {
      this.answered(null, PAUSE);
      return;
    }
    this.isSending = true;
    this.options.send(sent).then(
      marked => this.answered(marked, PAUSE),
      () => this.answered(null, PAUSE_AFTER_FAILURE)
    );
  }

  private answered(marked: number | null, pause: number): void {
    this.isSending = false;
    if (marked !== null) {
      this.present = Math.max(this.present ?? -1, marked);
      this.wanted = Math.max(this.wanted, marked);
    }
    if (!this.isOver) {
      this.cancel?.();
      this.cancel = this.options.clock.after(pause, () => {
        this.cancel = null;
        if (this.wanted > (this.present ?? -1)) {
          this.send();
        }
      });
    }
  }
}
