import { StateEffect } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  type PluginValue,
  type ViewUpdate
} from '@codemirror/view';

import { dispatchInPlace } from './scroll';

const redraw = StateEffect.define<MarksInView>();

/** Marks what is in view. Typing moves the marks at once; before the next frame they are those of the new text. */
export abstract class MarksInView implements PluginValue {
  decorations: DecorationSet;
  private frame: number | null = null;

  constructor(protected readonly view: EditorView) {
    this.decorations = this.made() ?? Decoration.none;
  }

  /** The marks; `null` while the editor lacks edits of the connection's text, or they are not known. */
  protected abstract made(): DecorationSet | null;

  update({ docChanged, changes, transactions, viewportChanged }: ViewUpdate): void {
    if (docChanged) {
      // The connection's text has this change only after the update.
      this.decorations = this.decorations.map(changes);
      this.redrawSoon();
      return;
    }
    const isAsked = transactions.some(({ effects }) =>
      effects.some(effect => effect.is(redraw) && effect.value === this)
    );
    if (isAsked || viewportChanged) {
      this.decorations = this.made() ?? this.decorations;
    }
  }

  destroy(): void {
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
    }
  }

  redrawSoon(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      dispatchInPlace(this.view, { effects: redraw.of(this) });
    });
  }
}
