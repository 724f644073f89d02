import { normalise, type Operation, type Text, transform } from '../text';
import { type Change, moveSelection, type Selection } from '../sync';

export type ChangeListener = (change: Change) => void;

type Queued = Pick<Change, 'operation' | 'origin' | 'userId'>;

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
 */
export class View {
  private readonly queue: Queued[] = [];

  constructor(
    private readonly views: Views,
    private readonly editing: Editing,
    private readonly listener: ChangeListener,
    private shown: Text
  ) {}

  /** The text that this view shows: the document's without the changes that are still queued. */
  get text(): Text {
    return this.shown;
  }

  /**
   * The user edited in this view. `operation` is over {@link text}; `select` returns the selection in the text
   * after it.
   */
  edit(operation: Operation, select?: (after: Text) => Selection): void {
    this.shown = this.shown.apply(operation);
    let selection = select?.(this.shown) ?? null;
    let ours = normalise(operation);
    this.queue.forEach((queued, index) => {
      const theirs = normalise(transform(queued.operation, ours, 'right'));
      ours = normalise(transform(ours, queued.operation, 'left'));
      selection = selection && moveSelection(selection, theirs);
      this.queue[index] = { ...queued, operation: theirs };
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
    this.queue.length = 0;
  }

  /** @internal */
  enqueue(change: Queued): void {
    this.queue.push(change);
  }

  /**
   * @internal Delivers the oldest queued change; `false` where there is none. As with an event target, a
   * listener's error is reported and does not affect other listeners.
   */
  deliver(): boolean {
    const next = this.queue.shift();
    if (!next) {
      return false;
    }
    const before = this.shown;
    this.shown = before.apply(next.operation);
    const change = { ...next, before, after: this.shown };
    try {
      this.listener(change);
    } catch (error) {
      reportError(error);
    }
    return true;
  }
}

/** All views of one document; each receives every change in the same order. */
export class Views {
  private views: readonly View[] = [];
  private isDelivering = false;

  constructor(private readonly editing: Editing) {}

  attach(listener: ChangeListener, text: Text): View {
    const view = new View(this, this.editing, listener, text);
    this.views = [...this.views, view];
    return view;
  }

  remove(view: View): void {
    this.views = this.views.filter(other => other !== view);
  }

  /** Delivers a change to all views except the one that made it. */
  publish(change: Queued, except: View | null): void {
    this.views.filter(view => view !== except).forEach(view => view.enqueue(change));
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
