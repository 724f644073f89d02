import { type Extension, type Range, StateEffect } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  hoverTooltip,
  type PluginValue,
  type Tooltip,
  ViewPlugin,
  type ViewUpdate
} from '@codemirror/view';

import { connectionOf } from './connectionFacet';
import { attachedTo } from './collaboration';
import { dispatchInPlace } from './scroll';

/** How many UTF-16 units, and how many pieces, are tinted at most: a line without an end has no end of them. */
const MOST_UNITS = 100_000;
const MOST_PIECES = 4_000;

/** Letters that look alike, in code points of the connection's text. */
export interface TintedPiece {
  readonly from: number;
  readonly to: number;
  readonly className: string;
  /** The colour of a person, where it has one. */
  readonly colour: string | null;
}

/** Says how the letters of a text are to look. */
export interface TintSource {
  /** The pieces of a range, from left to right; `null` while they are not known. */
  within(from: number, to: number): readonly TintedPiece[] | null;
  /** What to show for the letter at a place while the pointer is on it; `null` for nothing. */
  tooltipAt(position: number): HTMLElement | null;
}

/** By editor, and not in its state, which JupyterLab may make anew. */
const sources = new WeakMap<EditorView, TintSource>();
const redraw = StateEffect.define<null>();

/** Tints the text of an editor that has {@link authorTint}; `null` ends it. */
export function setTint(view: EditorView, source: TintSource | null): void {
  if (source) {
    sources.set(view, source);
  } else {
    sources.delete(view);
  }
  refreshTint(view);
}

/** The source has changed, or what it says. */
export function refreshTint(view: EditorView): void {
  view.plugin(tint)?.redrawSoon();
}

/**
 * Tints what is in view. Typing moves the tints at once; before the next frame they are those of the new text.
 *
 * Law (`authorTint.test.ts`): the tints are those of the connection's text whenever the editor shows all of it, also
 * while people type.
 */
class Tint implements PluginValue {
  decorations: DecorationSet = Decoration.none;
  private frame: number | null = null;

  constructor(private readonly view: EditorView) {
    this.decorations = this.made() ?? Decoration.none;
  }

  update(update: ViewUpdate): void {
    if (!sources.has(this.view)) {
      this.decorations = Decoration.none;
      return;
    }
    if (update.docChanged) {
      // The connection's text has this change only after the update.
      this.decorations = this.decorations.map(update.changes);
      this.redrawSoon();
      return;
    }
    const isAsked = update.transactions.some(({ effects }) =>
      effects.some(effect => effect.is(redraw))
    );
    if (isAsked || update.viewportChanged) {
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
      dispatchInPlace(this.view, { effects: redraw.of(null) });
    });
  }

  /** `null` while the editor lacks edits of the connection's text, or nothing is known of that. */
  private made(): DecorationSet | null {
    const { view } = this;
    const source = sources.get(view);
    const document = connectionOf(view.state)?.document;
    if (!source || !document || attachedTo(view)?.isBehind) {
      return null;
    }
    if (document.utf16Length !== view.state.doc.length) {
      return null;
    }
    const ranges: Range<Decoration>[] = [];
    let left = MOST_UNITS;
    for (const { from, to } of view.visibleRanges) {
      const end = Math.min(to, from + left);
      left -= end - from;
      const pieces = source.within(document.codePointOf(from), document.codePointOf(end));
      if (!pieces) {
        return null;
      }
      for (const piece of pieces.slice(0, MOST_PIECES - ranges.length)) {
        const [start, stop] = [document.utf16Of(piece.from), document.utf16Of(piece.to)];
        if (start < stop) {
          ranges.push(markOf(piece).range(start, stop));
        }
      }
    }
    return Decoration.set(ranges, true);
  }
}

function markOf({ className, colour }: TintedPiece): Decoration {
  return Decoration.mark({
    class: className,
    ...(colour !== null && { attributes: { style: `--speccollab-person: ${colour}` } })
  });
}

const tint = ViewPlugin.fromClass(Tint, { decorations: value => value.decorations });

const tooltip = hoverTooltip((view, position): Tooltip | null => {
  const document = connectionOf(view.state)?.document;
  const source = sources.get(view);
  if (!source || !document || position >= view.state.doc.length) {
    return null;
  }
  const dom = source.tooltipAt(document.codePointOf(position));
  return dom && { pos: position, above: true, create: () => ({ dom }) };
});

/** Among the extensions of an editor that {@link setTint} is called for. */
export const authorTint: Extension = [tint, tooltip];
