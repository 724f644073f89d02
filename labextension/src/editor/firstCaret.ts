import { type Extension, Transaction } from '@codemirror/state';
import { type EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';

import { writingStart } from '../markdown/writingStart';
import type { SpecConnection } from '../session';
import { catchUp } from './collaboration';

/** Puts the caret where writing begins when the text is there, unless the user has put it elsewhere before. */
export function firstCaret(connection: SpecConnection): Extension {
  return ViewPlugin.define(view => new FirstCaret(view, connection));
}

class FirstCaret implements PluginValue {
  private isDue = true;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly view: EditorView,
    private readonly connection: SpecConnection
  ) {
    this.unsubscribe = connection.subscribe(() => this.place());
    // The editor can't be changed while it is made.
    queueMicrotask(() => this.place());
  }

  update(update: ViewUpdate): void {
    const isUsers = update.transactions.some(
      each => each.selection || (each.docChanged && !each.annotation(Transaction.remote))
    );
    if (isUsers) {
      this.isDue = false;
    }
  }

  destroy(): void {
    this.isDue = false;
    this.unsubscribe();
  }

  private place(): void {
    if (this.isDue && this.connection.state.status !== 'connecting') {
      catchUp(this.view);
      this.isDue = false;
      const { doc, selection } = this.view.state;
      if (selection.main.empty && selection.main.head === 0) {
        this.view.dispatch({ selection: { anchor: writingStart(doc.toString()) } });
      }
    }
  }
}
