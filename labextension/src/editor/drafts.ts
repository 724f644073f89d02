import type { Extension } from '@codemirror/state';
import { EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';

import type { SpecConnection } from '../session';
import { attachedTo, catchUp } from './collaboration';
import { isComposing } from './composedText';
import { connectionOf } from './connectionFacet';
import { type DraftInView, draftMarks, draftsOf, showDrafts, showsDrafts } from './draftMarks';
import { dispatchInPlace } from './scroll';

/**
 * Shows what others are typing, before it is in the document.
 *
 * It is shown with the next frame. The editor then has the document's text: a draft goes in the frame in which its
 * operation comes. A draft that is out of view is shown when it comes into view.
 */
export function remoteDrafts(connection: SpecConnection): Extension {
  return [draftMarks, ViewPlugin.define(view => new RemoteDrafts(view, connection)), draftTheme];
}

/** The drafts of others, in the text of the editor's connection; in UTF-16 units of its document. */
export function draftsIn(view: EditorView): readonly DraftInView[] {
  const connection = connectionOf(view.state);
  return connection ? draftsOf(connection) : [];
}

class RemoteDrafts implements PluginValue {
  private readonly unsubscribe: () => void;
  private frame: number | null = null;
  /** Whether the editor shows other drafts than there are, since these are out of view. */
  private isBehind = false;

  constructor(
    private readonly view: EditorView,
    private readonly connection: SpecConnection
  ) {
    this.unsubscribe = connection.onDrafts(() => this.changed());
    if (connection.drafts.length > 0) {
      this.showSoon();
    }
  }

  update(update: ViewUpdate): void {
    const isShown = update.transactions.some(({ effects }) => showsDrafts(effects));
    if (isShown) {
      this.isBehind = false;
    } else if (update.docChanged && this.connection.drafts.length > 0) {
      this.showSoon();
    }
    if (update.viewportChanged && this.isBehind) {
      this.showSoon();
    }
  }

  destroy(): void {
    this.unsubscribe();
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
    }
  }

  private changed(): void {
    const { view } = this;
    const isShowing = view.state.field(draftMarks).marks.size > 0;
    if (isShowing || draftsOf(this.connection).some(draft => this.isInView(draft))) {
      this.showSoon();
    } else {
      this.isBehind = this.connection.drafts.length > 0;
    }
  }

  /** Roughly: the editor may lack edits of others. */
  private isInView({ pieces }: DraftInView): boolean {
    const { from, to } = this.view.viewport;
    const isLate = attachedTo(this.view)?.isBehind ?? false;
    return isLate || pieces.some(piece => piece.from <= to && piece.to >= from);
  }

  private showSoon(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      catchUp(this.view);
      // When an input method is done, the text changes once more.
      if (!isComposing(this.view.state)) {
        dispatchInPlace(this.view, { effects: showDrafts(this.connection) });
      }
    });
  }
}

/** The letters have the place and the font that they will have as text. */
const draftTheme = EditorView.baseTheme({
  '.cm-specDraft': {
    color:
      'color-mix(in srgb, var(--speccollab-person) 70%, var(--jp-content-font-color0, currentColor))'
  },
  '.cm-specDraft-letters::before': {
    content: 'attr(data-letters)'
  },
  '.cm-specDraftDeleted, .cm-specDraftDeleted span': {
    textDecoration: 'line-through',
    textDecorationColor: 'var(--speccollab-person)',
    opacity: '0.6'
  }
});
