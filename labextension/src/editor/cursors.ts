import { EditorSelection, type Extension, StateEffect } from '@codemirror/state';
import {
  type EditorView,
  layer,
  type LayerMarker,
  type PluginValue,
  RectangleMarker,
  ViewPlugin,
  type ViewUpdate
} from '@codemirror/view';

import type { RemoteCaret, SpecConnection } from '../session';
import { CaretMarker, type Flag, SelectionMarker } from './caret';
import { toRange } from './changes';
import { safeColour } from './colours';
import { placeFlag } from './flag';
import { cursorTheme } from './theme';

/** Milliseconds that a flag stays after its caret's last move. */
export const FLAG_STAYS = 2000;
/** Pixels beside a caret that count as pointing at it. */
const NEAR = 6;

const redraw = StateEffect.define<null>();

/**
 * Carets and selections of others, drawn beside the text and not in it, so that they can't move it, break a
 * line or disturb an input method.
 *
 * A caret's flag with the name shows while the person moves it and while the pointer is on it, at a place
 * where there is no text.
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
  /** How often each caret had moved when it was seen last, and when its flag goes. */
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
      const head = EditorSelection.cursor(this.range(caret).head);
      const [box] = RectangleMarker.forRange(this.view, 'cm-specCaret', head);
      const colour = safeColour(caret.color, caret.userId);
      return box ? [new CaretMarker(keyOf(caret), box, colour, this.flagOf(caret))] : [];
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

  /** The pointer is here, in pixels of the window. */
  pointAt(x: number, y: number): void {
    const pointed = this.connection.cursors.find(caret => {
      const box = this.view.coordsAtPos(this.range(caret).head);
      return box && Math.abs(box.left - x) <= NEAR && box.top <= y && y <= box.bottom;
    });
    const key = pointed ? keyOf(pointed) : null;
    if (key !== this.pointed) {
      this.pointed = key;
      this.redrawSoon();
    }
  }

  private moved(carets: readonly RemoteCaret[]): void {
    const until = performance.now() + FLAG_STAYS;
    for (const caret of carets) {
      const key = keyOf(caret);
      const { moves } = caret;
      if (moves > 0 && this.shown.get(key)?.moves !== moves) {
        this.shown.set(key, { moves, until });
        this.redrawAfterwards();
      }
    }
    this.redrawSoon();
  }

  private flagOf(caret: RemoteCaret): Flag | null {
    const key = keyOf(caret);
    const isMoving = (this.shown.get(key)?.until ?? 0) > performance.now();
    const box = this.view.coordsAtPos(this.range(caret).head);
    if (!box || !(isMoving || this.pointed === key)) {
      return null;
    }
    const place = placeFlag(this.view, box, widthOf(caret.userName));
    if (place) {
      return { name: caret.userName, place };
    }
    // Whoever points at a caret wants the name, even where it hides a word.
    const above = { x: 0, y: box.top - box.bottom };
    return this.pointed === key ? { name: caret.userName, place: above } : null;
  }

  /** The document may be behind the connection's for a moment; then a place may lie outside. */
  private range(caret: RemoteCaret): ReturnType<typeof toRange> {
    const { anchor, head } = toRange(caret, this.connection.document);
    const { length } = this.view.state.doc;
    return EditorSelection.range(Math.min(anchor, length), Math.min(head, length));
  }

  private redrawAfterwards(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      const now = performance.now();
      if ([...this.shown.values()].some(({ until }) => until > now)) {
        this.redrawAfterwards();
      }
      this.redrawSoon();
    }, FLAG_STAYS + 50);
  }

  private redrawSoon(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.view.dispatch({ effects: redraw.of(null) });
    });
  }
}

function keyOf(caret: RemoteCaret): string {
  return caret.sessionId ?? caret.userId;
}

/** About the width of a flag, in pixels: letters of 11 px are some 6.5 wide. */
function widthOf(name: string): number {
  return Math.min(176, 8 + 6.8 * [...name].length);
}
