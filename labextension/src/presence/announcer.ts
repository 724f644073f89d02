import type { Operation } from '../text';
import type { Environment } from '../runtime';
import { moveSelection, sameSelection, type Selection } from '../sync';

/** Milliseconds between two messages about the cursor. */
const EVERY = 100;

/**
 * Says where the user's cursor is: at most ten times a second, and only where others can't work it out
 * themselves, since they move every cursor along with each operation.
 */
export class Announcer {
  private selection: Selection | null = null;
  /** What others take it for, in the text that the user sees. */
  private announced: Selection | null = null;
  private cancel: (() => void) | null = null;

  /** `announce` sends a cursor; it returns `false` where that has to wait for something else. */
  constructor(
    private readonly environment: Environment,
    private readonly announce: (selection: Selection | null) => boolean
  ) {}

  get current(): Selection | null {
    return this.selection;
  }

  /** The user's cursor is here now. */
  set(selection: Selection | null): void {
    this.selection = selection;
    this.schedule();
  }

  /** The text changed: by someone else (`isOwn` false), which pushes the cursor along, or by the user. */
  textChanged(operation: Operation, isOwn: boolean): void {
    this.announced = this.announced && moveSelection(this.announced, operation);
    if (!isOwn) {
      this.selection = this.selection && moveSelection(this.selection, operation);
    }
  }

  /** The cursor went along with an operation, or others have to be told anew (`null`). */
  wasAnnounced(selection: Selection | null): void {
    this.announced = selection;
  }

  /** What kept the cursor from being sent may be over. */
  schedule(): void {
    if (!this.cancel && !sameSelection(this.selection, this.announced)) {
      this.cancel = this.environment.after(EVERY, () => {
        this.cancel = null;
        this.flush();
      });
    }
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private flush(): void {
    const { selection } = this;
    if (!sameSelection(selection, this.announced) && this.announce(selection)) {
      this.announced = selection;
    }
  }
}
