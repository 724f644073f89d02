import type { Cursor, Draft } from '../../src/protocol';
import { lengthOf } from '../../src/presence/draft';
import type { World } from './world';

export interface SentCursor {
  readonly cursor: Cursor | null;
  readonly version: number;
  readonly draft?: Draft;
  readonly summon?: true;
}

/**
 * Sends on the cursors of a session: those with a draft at most ten times a second, twice where it is long, always the
 * newest. One that ends a draft goes at once.
 */
export class CursorRelay {
  private next = 0;
  private waiting: SentCursor | null = null;
  private last: SentCursor | null = null;
  private cancel: (() => void) | null = null;

  constructor(
    private readonly world: World,
    private readonly send: (sent: SentCursor) => void
  ) {}

  offer(sent: SentCursor): void {
    const wait = sent.draft ? this.next - this.world.now : 0;
    this.cancel?.();
    this.waiting = sent;
    this.cancel = wait > 0 ? this.world.after(wait, () => this.flush()) : null;
    if (wait <= 0) {
      this.flush();
    }
  }

  /** The session ends. */
  end(): void {
    this.cancel?.();
    this.waiting = null;
    if (this.last?.draft) {
      this.send({ cursor: null, version: this.last.version });
    }
  }

  private flush(): void {
    const { waiting } = this;
    this.cancel = this.waiting = null;
    if (waiting) {
      this.last = waiting;
      this.send(waiting);
      if (waiting.draft) {
        this.next = this.world.now + (lengthOf(waiting.draft) > 400 ? 500 : 100);
      }
    }
  }
}
