import type { Extension, Range } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  hoverTooltip,
  type Tooltip,
  ViewPlugin,
  type ViewUpdate
} from '@codemirror/view';

import { connectionOf } from './connectionFacet';
import { attachedTo } from './collaboration';
import { MarksInView } from './marksInView';

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
 * Tints what is in view.
 *
 * Law (`authorTint.test.ts`): the tints are those of the connection's text whenever the editor shows all of it, also
 * while people type.
 */
class Tint extends MarksInView {
  override update(update: ViewUpdate): void {
    if (sources.has(this.view)) {
      super.update(update);
    } else {
      this.decorations = Decoration.none;
    }
  }

  protected override made(): DecorationSet | null {
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
