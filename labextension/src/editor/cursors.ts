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

import type { RemoteCaret } from '../presence';
import type { SpecConnection } from '../session';
import { CaretMarker, type Flag, SelectionMarker } from './caret';
import { toRange } from './changes';
import { safeColour } from './colours';
import { type Box, initialsOf, isUnderGutter, placeFlag, placeInGutter } from './flag';
import { dispatchInPlace, scrollKeeper } from './scroll';
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
    // Whoever points at a caret wants the whole name, even where it hides a word.
    if (this.pointed === key) {
      return { name, place: { x: 0, y: box.top - box.bottom } };
    }
    const beside = placeInGutter(this.view, box);
    return beside && { name: initialsOf(name), place: beside };
  }

  /** The document may be behind the connection's for a moment; then a place may lie outside. */
  private range(caret: RemoteCaret): ReturnType<typeof toRange> {
    const { anchor, head } = toRange(caret, this.connection.document);
    const { length } = this.view.state.doc;
    return EditorSelection.range(Math.min(anchor, length), Math.min(head, length));
  }

  /** Once more when the next flag is due to go. */
  private redrawAfterwards(): void {
    const now = performance.now();
    const due = [...this.shown.values()].map(({ until }) => until).filter(until => until > now);
    if (this.timer === null && due.length) {
      this.timer = setTimeout(
        () => {
          this.timer = null;
          this.redrawSoon();
          this.redrawAfterwards();
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

/** About the width of a flag, in pixels: letters of 11 px are some 6.5 wide. */
function widthOf(name: string): number {
  return Math.min(176, 8 + 6.8 * [...name].length);
}
