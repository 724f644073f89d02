import type { StateEffect, TransactionSpec } from '@codemirror/state';
import { type EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';

/**
 * Dispatches changes of others without moving the lines that the user sees.
 *
 * CodeMirror keeps the scroll position itself for one update between two measurements, which happen once a
 * frame. Of several updates it compensates only for the last, so that two letters in one frame would move the
 * view. Therefore the second and later transactions carry the scroll position.
 */
export class ScrollKeeper implements PluginValue {
  /** The scroll position at the last measurement; `null` if nothing was dispatched since. */
  private snapshot: StateEffect<unknown> | null = null;
  /** Whether the user's own typing has scrolled to the caret, which takes precedence. */
  private isYielding = false;

  constructor(private readonly view: EditorView) {}

  update(update: ViewUpdate): void {
    this.snapshot = this.snapshot?.map(update.changes) ?? null;
    this.isYielding ||= update.transactions.some(transaction => transaction.scrollIntoView);
    if (this.isYielding) {
      this.measured();
    }
  }

  dispatch(spec: TransactionSpec): void {
    const { view, snapshot } = this;
    if (this.isYielding) {
      view.dispatch(spec);
    } else if (snapshot) {
      const changes = view.state.changes(spec.changes);
      view.dispatch({
        ...spec,
        changes,
        effects: [snapshot.map(changes) ?? [], spec.effects ?? []].flat()
      });
    } else {
      this.snapshot = view.scrollSnapshot();
      this.measured();
      view.dispatch(spec);
    }
  }

  private measured(): void {
    const read = () => {
      this.snapshot = null;
      this.isYielding = false;
    };
    this.view.requestMeasure({ key: this, read });
  }
}

/** Has to be among the extensions of an editor for which {@link dispatchInPlace} is called. */
export const scrollKeeper = ViewPlugin.define(view => new ScrollKeeper(view));

/** Dispatches a transaction that does not come from the user, and keeps the scroll position. */
export function dispatchInPlace(view: EditorView, spec: TransactionSpec): void {
  const keeper = view.plugin(scrollKeeper);
  if (keeper) {
    keeper.dispatch(spec);
  } else {
    view.dispatch(spec);
  }
}
