import {
  EditorSelection,
  type Extension,
  type SelectionRange,
  StateEffect
} from '@codemirror/state';
import {
  type EditorView,
  layer,
  type LayerMarker,
  type PluginValue,
  RectangleMarker,
  ViewPlugin,
  type ViewUpdate
} from '@codemirror/view';

import type { RemoteCaret } from '../presence';
import type { SpecConnection } from '../session';
import { toRange } from './changes';
import { attachedTo } from './collaboration';
import { safeColour } from './colours';
import { CaretMarker, type Flag, SelectionMarker } from './cursorMarkers';
import { type Box, isUnderGutter, placeFlag, placeInGutter } from './flagPlacement';
import { initialsOf } from './initials';
import { dispatchInPlace, scrollKeeper } from './scroll';
import { cursorTheme } from './theme';

/** Milliseconds that a flag is shown after its caret's last move. */
export const FLAG_DURATION = 2000;
/** Pixels from a caret within which the pointer counts as pointing at it. */
const POINTER_TOLERANCE = 6;

const redraw = StateEffect.define<null>();

/**
 * Carets and selections of others.
 *
 * They are drawn in layers and not in the text, so that they can't move it, break a line or disturb an input
 * method. A flag with the user's name is shown while the caret moves and while the pointer is on it. The flag
 * is placed where there is no text.
 */
export function remoteCursors(connection: SpecConnection): Extension {
  const drawn = ViewPlugin.define(view => new DrawnCursors(view, connection), {
    eventHandlers: {
      mousemove(event) {
        this.pointAt(event.clientX, event.clientY);
      },
      mouseleave() {
        this.pointAt(-1, -1);
      }
    }
  });
  const markers = (make: (cursors: DrawnCursors) => readonly LayerMarker[]) => ({
    update: (update: ViewUpdate) =>
      update.docChanged || update.transactions.some(each => each.effects.some(e => e.is(redraw))),
    markers: (view: EditorView) => {
      const cursors = view.plugin(drawn);
      return cursors ? make(cursors) : [];
    }
  });
  return [
    scrollKeeper,
    drawn,
    layer({ above: true, class: 'cm-specCarets', ...markers(cursors => cursors.carets()) }),
    layer({
      above: false,
      class: 'cm-specSelections',
      ...markers(cursors => cursors.selections())
    }),
    cursorTheme
  ];
}

class DrawnCursors implements PluginValue {
  private readonly unsubscribe: () => void;
  /** For each caret: its number of moves when last seen, and the time until which its flag is shown. */
  private readonly shown = new Map<string, { moves: number; until: number }>();
  private pointed: string | null = null;
  private frame: number | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly view: EditorView,
    private readonly connection: SpecConnection
  ) {
    connection.cursors.forEach(caret => this.shown.set(keyOf(caret), { ...caret, until: 0 }));
    this.unsubscribe = connection.onCursors(carets => this.moved(carets));
  }

  destroy(): void {
    this.unsubscribe();
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
    }
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
  }

  carets(): readonly LayerMarker[] {
    return this.connection.cursors.flatMap(caret => {
      const { head } = this.range(caret);
      const [rectangle] = RectangleMarker.forRange(
        this.view,
        'cm-specCaret',
        EditorSelection.cursor(head)
      );
      const box = this.view.coordsAtPos(head);
      if (!rectangle || !box || isUnderGutter(this.view, box)) {
        return [];
      }
      const colour = safeColour(caret.color, caret.userId);
      return [new CaretMarker(keyOf(caret), rectangle, colour, this.flagOf(caret, box))];
    });
  }

  selections(): readonly LayerMarker[] {
    return this.connection.cursors.flatMap(caret => {
      const range = this.range(caret);
      const colour = safeColour(caret.color, caret.userId);
      const boxes = range.empty
        ? []
        : RectangleMarker.forRange(this.view, 'cm-specSelection', range);
      return boxes.map(box => new SelectionMarker(box, colour));
    });
  }

  /** Handles a move of the pointer; in window coordinates, in pixels. */
  pointAt(x: number, y: number): void {
    const pointed = this.connection.cursors.find(caret => {
      const box = this.view.coordsAtPos(this.range(caret).head);
      return box && Math.abs(box.left - x) <= POINTER_TOLERANCE && box.top <= y && y <= box.bottom;
    });
    const key = pointed ? keyOf(pointed) : null;
    if (key !== this.pointed) {
      this.pointed = key;
      this.redrawSoon();
    }
  }

  private moved(carets: readonly RemoteCaret[]): void {
    const until = performance.now() + FLAG_DURATION;
    for (const caret of carets) {
      const key = keyOf(caret);
      const { moves } = caret;
      if (moves > 0 && this.shown.get(key)?.moves !== moves) {
        this.shown.set(key, { moves, until });
        this.scheduleRedraw();
      }
    }
    this.redrawSoon();
  }

  private flagOf(caret: RemoteCaret, box: Box): Flag | null {
    const key = keyOf(caret);
    const isMoving = (this.shown.get(key)?.until ?? 0) > performance.now();
    if (!isMoving && this.pointed !== key) {
      return null;
    }
    const { userName: name } = caret;
    const place = placeFlag(this.view, box, widthOf(name));
    if (place) {
      return { name, place };
    }
    // A user who points at a caret wants to see the whole name, even if it hides a word.
    if (this.pointed === key) {
      return { name, place: { x: 0, y: box.top - box.bottom } };
    }
    const beside = placeInGutter(this.view, box);
    return beside && { name: initialsOf(name), place: beside };
  }

  /** Where a caret is in the editor's text, which may lack edits that the document has. */
  private range(caret: RemoteCaret): SelectionRange {
    const attached = attachedTo(this.view);
    return attached
      ? toRange(attached.inView(caret), attached.text)
      : toRange(caret, this.connection.document);
  }

  /** Redraws when the next flag has to disappear. */
  private scheduleRedraw(): void {
    const now = performance.now();
    const due = [...this.shown.values()].map(({ until }) => until).filter(until => until > now);
    if (this.timer === null && due.length) {
      this.timer = setTimeout(
        () => {
          this.timer = null;
          this.redrawSoon();
          this.scheduleRedraw();
        },
        Math.min(...due) - now + 1
      );
    }
  }

  private redrawSoon(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      dispatchInPlace(this.view, { effects: redraw.of(null) });
    });
  }
}

function keyOf(caret: RemoteCaret): string {
  return caret.sessionId ?? caret.userId;
}

/** The approximate width of a flag in pixels; a letter of an 11 px font is about 6.5 px wide. */
function widthOf(name: string): number {
  return Math.min(176, 8 + 6.8 * [...name].length);
}
