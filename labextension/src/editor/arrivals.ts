import type { EditorView } from '@codemirror/view';

import type { Queued, View } from '../session';
import { moveSelection, type Selection } from '../sync';
import type { Operation } from '../text';

/** Milliseconds that an edit of others outside of the view waits at most. */
export const LONGEST_WAIT = 250;
/** Of these milliseconds, how many it waits before an idle moment of the page is looked for. */
const BEFORE_IDLE = 180;
/** How many edits wait at most, since the timers of a hidden page are late. */
const MOST = 256;

/**
 * When the edits of others are shown.
 *
 * Those of one frame are shown as one change: right before the next frame where they touch what the view shows, else
 * in an idle moment. An edit of one's own in another editor of the page, an undo, and a text that was loaded or merged
 * are shown at once, with all that waits.
 */
export class Arrivals {
  /** What the view shows, as code points of the document; `null` while nothing waits. */
  private shown: Selection | null = null;
  private waiting = 0;
  private readonly cancels: (() => void)[] = [];
  private isUrgent = false;

  constructor(
    private readonly view: EditorView,
    private readonly attached: View
  ) {}

  arrived({ operation, origin }: Queued): void {
    const { from, to } = this.view.viewport;
    const { text } = this.attached;
    this.shown ??= { anchor: text.codePointOf(from), head: text.codePointOf(to) };
    const isInView = touches(operation, this.shown);
    this.shown = moveSelection(this.shown, operation);
    this.waiting++;
    if (origin !== 'remote' || this.waiting >= MOST) {
      this.show();
    } else {
      this.schedule(isInView);
    }
  }

  /** The view shows another part of the text; what waits may be in it. */
  scrolled(): void {
    if (this.attached.isBehind) {
      this.schedule(true);
    }
  }

  /** Shows everything that waits, now. */
  show(): void {
    this.cancel();
    this.shown = null;
    this.waiting = 0;
    this.attached.catchUp();
  }

  cancel(): void {
    this.cancels.splice(0).forEach(cancel => cancel());
    this.isUrgent = false;
  }

  private schedule(isInView: boolean): void {
    if (this.cancels.length === 0) {
      const longest = setTimeout(() => this.show(), LONGEST_WAIT);
      const idle = setTimeout(() => this.whenIdle(), BEFORE_IDLE);
      this.cancels.push(
        () => clearTimeout(longest),
        () => clearTimeout(idle)
      );
    }
    if (isInView && !this.isUrgent) {
      this.isUrgent = true;
      const frame = requestAnimationFrame(() => this.show());
      this.cancels.push(() => cancelAnimationFrame(frame));
    }
  }

  /** Safari has no idle callbacks; there the timer alone decides. */
  private whenIdle(): void {
    if (typeof requestIdleCallback === 'function') {
      const idle = requestIdleCallback(() => this.show());
      this.cancels.push(() => cancelIdleCallback(idle));
    }
  }
}

/** Whether `operation` changes text between the ends of `range`, or at them. */
function touches(operation: Operation, { anchor, head }: Selection): boolean {
  let position = 0;
  for (const component of operation.components) {
    if (typeof component === 'number' && component > 0) {
      position += component;
      continue;
    }
    const end = typeof component === 'number' ? position - component : position;
    if (position <= head && end >= anchor) {
      return true;
    }
    position = end;
  }
  return false;
}
