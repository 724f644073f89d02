import { composeAll, normalise, type Operation, type Text, transform } from '../text';
import { type Change, movedBack, moveSelection, type Selection } from '../sync';

export type ChangeListener = (change: Change) => void;

export type Queued = Pick<Change, 'operation' | 'origin' | 'userId'>;

/** The document that a view edits. */
export interface Editing {
  /** `operation` is over the document's current text. */
  edit(operation: Operation, selection: Selection | null, by: View): void;
  undo(selection: Selection | null): Selection | null;
  redo(selection: Selection | null): Selection | null;
}

/**
 * One editor of the document. It receives each change that it didn't make itself, one after the other. It may
 * edit at any time, even inside its listener while further changes are queued.
 *
 * A view with `arrived` decides itself when it receives them: `arrived` is called with each change that is queued, and
 * {@link catchUp} passes all of them to the listener, neighbours of one origin as a single change.
 *
 * Laws (`views.test.ts`): whenever a view catches up, it shows the document's text; what it edits before that is in
 * the document as if it had caught up first.
 */
export class View {
  private queue: Queued[] = [];

  constructor(
    private readonly views: Views,
    private readonly editing: Editing,
    private readonly listener: ChangeListener,
    private shown: Text,
    private readonly arrived: ((change: Queued) => void) | null
  ) {}

  /** The text that this view shows: the document's without the changes that are still queued. */
  get text(): Text {
    return this.shown;
  }

  /** Whether changes are queued. */
  get isBehind(): boolean {
    return this.queue.length > 0;
  }

  /** A selection in {@link text} as one in the document. */
  inDocument(selection: Selection): Selection {
    return this.queue.reduce((moved, { operation }) => moveSelection(moved, operation), selection);
  }

  /** A selection in the document as one in {@link text}. */
  inView(selection: Selection): Selection {
    return this.queue.reduceRight((moved, { operation }) => movedBack(moved, operation), selection);
  }

  /** Passes all queued changes to the listener. */
  catchUp(): void {
    while (this.isBehind) {
      const [{ origin }] = this.queue;
      const next = this.queue.findIndex(queued => queued.origin !== origin);
      const together = this.queue.splice(0, next < 0 ? this.queue.length : next);
      const users = new Set(together.map(({ userId }) => userId));
      this.pass({
        operation: normalise(composeAll(together.map(({ operation }) => operation))),
        origin,
        userId: users.size === 1 ? together[0].userId : null
      });
    }
  }

  /**
   * The user edited in this view. `operation` is over {@link text}; `select` returns the selection in the text
   * after it.
   */
  edit(operation: Operation, select?: (after: Text) => Selection): void {
    this.shown = this.shown.apply(operation);
    let selection = select?.(this.shown) ?? null;
    let ours = normalise(operation);
    this.queue = this.queue.map(queued => {
      const theirs = normalise(transform(queued.operation, ours, 'right'));
      ours = normalise(transform(ours, queued.operation, 'left'));
      selection = selection && moveSelection(selection, theirs);
      return { ...queued, operation: theirs };
    });
    this.editing.edit(ours, selection, this);
  }

  /** Undoes the last edit of this page; returns the selection from before that edit. */
  undo(selection: Selection | null = null): Selection | null {
    return this.editing.undo(selection);
  }

  /** Redoes the last undone edit. */
  redo(selection: Selection | null = null): Selection | null {
    return this.editing.redo(selection);
  }

  /** Ends the delivery of changes. */
  detach(): void {
    this.views.remove(this);
    this.queue = [];
  }

  /** @internal */
  enqueue(change: Queued): void {
    this.queue.push(change);
  }

  /** @internal Tells a view that decides itself of a change in its queue. */
  announce(change: Queued): void {
    this.arrived?.(change);
  }

  /** @internal Delivers the oldest queued change; `false` where there is none, or the view decides itself. */
  deliver(): boolean {
    const next = this.arrived ? undefined : this.queue.shift();
    if (next) {
      this.pass(next);
    }
    return next !== undefined;
  }

  /** As with an event target, a listener's error is reported and does not affect other listeners. */
  private pass(next: Queued): void {
    const before = this.shown;
    this.shown = before.apply(next.operation);
    try {
      this.listener({ ...next, before, after: this.shown });
    } catch (error) {
      reportError(error);
    }
  }
}

/** All views of one document; each receives every change in the same order. */
export class Views {
  private views: readonly View[] = [];
  private isDelivering = false;

  constructor(private readonly editing: Editing) {}

  attach(
    listener: ChangeListener,
    text: Text,
    arrived: ((change: Queued) => void) | null = null
  ): View {
    const view = new View(this, this.editing, listener, text, arrived);
    this.views = [...this.views, view];
    return view;
  }

  remove(view: View): void {
    this.views = this.views.filter(other => other !== view);
  }

  /** Delivers a change to all views except the one that made it. */
  publish(change: Queued, except: View | null): void {
    const others = this.views.filter(view => view !== except);
    others.forEach(view => view.enqueue(change));
    // After that, since a view that catches up at once may edit, and each queue has to have the same order.
    others.forEach(view => view.announce(change));
    if (this.isDelivering) {
      return;
    }
    this.isDelivering = true;
    while (this.views.some(view => view.deliver())) {
      // Repeat until all queues are empty, since a listener may edit.
    }
    this.isDelivering = false;
  }
}
