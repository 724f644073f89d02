import type { StateEffect, TransactionSpec } from '@codemirror/state';
import { type EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';

/**
 * Dispatches changes of others, and keeps the line where it is that the user looks at.
 *
 * CodeMirror does so by itself for one update between two measurements, once a frame; of several it keeps
 * only the last one's part, so that two letters in one frame would move the view. From the second on the
 * place is therefore stated with the transaction.
 */
export class ScrollKeeper implements PluginValue {
  /** Where the view stood at the last measurement; `null` where nothing was dispatched since. */
  private place: StateEffect<unknown> | null = null;
  /** The user's own typing has brought the caret into view: that goes before. */
  private isYielding = false;

  constructor(private readonly view: EditorView) {}

  update(update: ViewUpdate): void {
    this.place = this.place?.map(update.changes) ?? null;
    this.isYielding ||= update.transactions.some(transaction => transaction.scrollIntoView);
    if (this.isYielding) {
      this.measured();
    }
  }

  dispatch(spec: TransactionSpec): void {
    const { view, place } = this;
    if (this.isYielding) {
      view.dispatch(spec);
    } else if (place) {
      const changes = view.state.changes(spec.changes);
      view.dispatch({
        ...spec,
        changes,
        effects: [place.map(changes) ?? [], spec.effects ?? []].flat()
      });
    } else {
      this.place = view.scrollSnapshot();
      this.measured();
      view.dispatch(spec);
    }
  }

  private measured(): void {
    const read = () => {
      this.place = null;
      this.isYielding = false;
    };
    this.view.requestMeasure({ key: this, read });
  }
}

/** To be part of the editor's extensions wherever {@link dispatchInPlace} is used. */
export const scrollKeeper = ViewPlugin.define(view => new ScrollKeeper(view));

/** Dispatches something that is not the user's own doing. */
export function dispatchInPlace(view: EditorView, spec: TransactionSpec): void {
  const keeper = view.plugin(scrollKeeper);
  if (keeper) {
    keeper.dispatch(spec);
  } else {
    view.dispatch(spec);
  }
}
