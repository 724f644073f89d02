import { normalise, type Operation, type Text, transform } from '../text';
import { type Change, moveSelection, type Selection } from '../sync';

export type ChangeListener = (change: Change) => void;

type Queued = Pick<Change, 'operation' | 'origin' | 'userId'>;

/** What a view may ask of the document behind it. */
export interface Editing {
  /** `operation` is over the document's text as it is now. */
  edit(operation: Operation, selection: Selection | null, by: View): void;
  undo(selection: Selection | null): Selection | null;
  redo(selection: Selection | null): Selection | null;
}

/**
 * One editor on the document. It hears each change that it didn't make itself, one after the other, and may
 * edit at any time, even while it is being told of a change and others are still to come.
 */
export class View {
  private readonly queue: Queued[] = [];

  constructor(
    private readonly views: Views,
    private readonly editing: Editing,
    private readonly listener: ChangeListener,
    private shown: Text
  ) {}

  /** The text that this view shows: the document's, but for changes that it is about to hear of. */
  get text(): Text {
    return this.shown;
  }

  /**
   * The user edited here: `operation` is over {@link text}; `select` says where the selection is in the text
   * after it, which becomes {@link text}.
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

  /** Takes the last edit of this page back; returns the selection from before that edit. */
  undo(selection: Selection | null = null): Selection | null {
    return this.editing.undo(selection);
  }

  /** Does again what was undone last. */
  redo(selection: Selection | null = null): Selection | null {
    return this.editing.redo(selection);
  }

  /** It is told nothing any more. */
  detach(): void {
    this.views.remove(this);
    this.queue.length = 0;
  }

  /** @internal */
  enqueue(change: Queued): void {
    this.queue.push(change);
  }

  /**
   * @internal Tells of the oldest change that it hasn't heard of; `false` where there is none. As with an event
   * target, a listener's error is reported and keeps no other listener from hearing.
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

/** All the views of one document, each told of every change in the same order. */
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

  /** Tells all of them but the one that made the change itself. */
  publish(change: Queued, except: View | null): void {
    this.views.filter(view => view !== except).forEach(view => view.enqueue(change));
    if (this.isDelivering) {
      return;
    }
    this.isDelivering = true;
    while (this.views.some(view => view.deliver())) {
      // Until nobody has anything left, since a listener may edit.
    }
    this.isDelivering = false;
  }
}
