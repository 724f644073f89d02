import type { Operation } from '../text';
import type { Environment } from '../runtime';
import { moveSelection, sameSelection, type Selection } from '../sync';

/** Milliseconds between two messages about the cursor. */
const EVERY = 100;

/**
 * Sends the user's cursor: at most ten times a second, and only where others can't compute it themselves. They
 * move every cursor with each operation.
 */
export class Announcer {
  private selection: Selection | null = null;
  /** The selection that others show, in the shown text. */
  private announced: Selection | null = null;
  private cancel: (() => void) | null = null;

  /** `announce` sends a cursor; it returns `false` where that is not possible yet. */
  constructor(
    private readonly environment: Environment,
    private readonly announce: (selection: Selection | null) => boolean
  ) {}

  get current(): Selection | null {
    return this.selection;
  }

  /** The user moved the cursor. */
  set(selection: Selection | null): void {
    this.selection = selection;
    this.schedule();
  }

  /** The text changed; a change by someone else (`isOwn` false) moves the user's cursor, too. */
  textChanged(operation: Operation, isOwn: boolean): void {
    this.announced = this.announced && moveSelection(this.announced, operation);
    if (!isOwn) {
      this.selection = this.selection && moveSelection(this.selection, operation);
    }
  }

  /** The cursor was sent with an operation, or has to be sent again (`null`). */
  wasAnnounced(selection: Selection | null): void {
    this.announced = selection;
  }

  /** Tries to send the cursor soon, if others do not have it. */
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
