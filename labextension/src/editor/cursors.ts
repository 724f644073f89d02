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
import { compositionIn } from './composedText';
import { type DraftCaret, draftCaretBox, draftMarks, showsDrafts } from './draftMarks';
import { CaretMarker, type Flag, SelectionMarker } from './cursorMarkers';
import { type Box, FlagPlaces } from './flagPlacement';
import { dispatchInPlace, scrollKeeper } from './scroll';
import { isUnderGutter, surroundingsOf } from './surroundings';
import { cursorTheme } from './theme';

/** Milliseconds that a flag is shown after its caret's last move. */
export const FLAG_DURATION = 2000;
/** Pixels from a caret within which the pointer counts as pointing at it. */
const POINTER_TOLERANCE = 6;

/** Code points; a caret that moves farther has gone elsewhere. */
const ELSEWHERE = 200;

const redraw = StateEffect.define<null>();

/**
 * Carets and selections of others.
 *
 * They are drawn in layers and not in the text, so that they can't move it, break a line or disturb an input
 * method. A flag with the user's name is shown while the caret moves and while the pointer is on it. The flag
 * is placed where there is no text; where there is none in dense prose, it covers another row, and goes again soon,
 * also if its user types on.
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
      update.docChanged ||
      update.transactions.some(
        ({ effects }) => showsDrafts(effects) || effects.some(effect => effect.is(redraw))
      ),
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

/** What is known of a caret's flag; times in milliseconds. */
interface Shown {
  /** The caret's number of moves, and its place, when last seen. */
  readonly moves: number;
  readonly head: number;
  /** When the caret began to move, or came to this place. */
  readonly since: number;
  /** Until when the flag is shown. */
  readonly until: number;
}

/** A caret of somebody else that can be seen. */
interface Seen {
  readonly caret: RemoteCaret;
  readonly rectangle: RectangleMarker;
  readonly box: Box;
}

class DrawnCursors implements PluginValue {
  private readonly unsubscribe: readonly (() => void)[];
  private readonly shown = new Map<string, Shown>();
  /** How the carets looked that could be seen when one moved last. */
  private inView: ReadonlyMap<string, string> = new Map();
  /** What is shown of drafts, by session. */
  private drafts: ReadonlyMap<string, unknown> = new Map();
  private pointed: string | null = null;
  private frame: number | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly view: EditorView,
    private readonly connection: SpecConnection
  ) {
    connection.cursors.forEach(({ moves, head, ...caret }) =>
      this.shown.set(keyOf(caret), { moves, head, since: 0, until: 0 })
    );
    this.unsubscribe = [
      connection.onCursors(carets => this.moved(carets)),
      connection.onDrafts(() => this.typed())
    ];
  }

  destroy(): void {
    this.unsubscribe.forEach(unsubscribe => unsubscribe());
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
    }
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
  }

  carets(): readonly LayerMarker[] {
    const seen = this.seen();
    const places = new FlagPlaces(surroundingsOf(this.view));
    const own = this.view.coordsAtPos(this.view.state.selection.main.head);
    [own, ...seen.map(({ box }) => box)].forEach(box => box && places.reserve(box));
    const flags = new Map(
      // The one that is pointed at first, then in an order that does not change while they move.
      [...seen]
        .sort((one, other) => this.rank(one.caret) - this.rank(other.caret))
        .map(({ caret, box }) => [caret, this.flagOf(caret, box, places)])
    );
    return seen.map(
      ({ caret, rectangle }) =>
        new CaretMarker(
          keyOf(caret),
          rectangle,
          safeColour(caret.color, caret.userId),
          flags.get(caret) ?? null
        )
    );
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
    const now = performance.now();
    for (const { moves, head, ...caret } of carets) {
      const key = keyOf(caret);
      const last = this.shown.get(key);
      if (moves > 0 && last?.moves !== moves) {
        const goesOn = last && last.until > now && Math.abs(last.head - head) < ELSEWHERE;
        const since = goesOn ? last.since : now;
        this.shown.set(key, { moves, head, since, until: now + FLAG_DURATION });
        this.scheduleRedraw();
      }
    }
    if (this.changesView(carets)) {
      this.redrawSoon();
    }
  }

  /** Who is typing is shown with a name, although their caret in the document stays where it is. */
  private typed(): void {
    const until = performance.now() + FLAG_DURATION;
    for (const { sessionId, operation } of this.connection.drafts) {
      const last = this.shown.get(sessionId);
      if (this.drafts.get(sessionId) !== operation && last) {
        const since = last.until > until - FLAG_DURATION ? last.since : until - FLAG_DURATION;
        this.shown.set(sessionId, { ...last, since, until });
        this.scheduleRedraw();
      }
    }
    this.drafts = new Map(
      this.connection.drafts.map(({ sessionId, operation }) => [sessionId, operation])
    );
  }

  /** Whether a caret or selection that can be seen came, went or moved. */
  private changesView(carets: readonly RemoteCaret[]): boolean {
    const { viewport } = this.view;
    const inView = new Map(
      carets.flatMap(caret => {
        const { from, to } = this.range(caret);
        const { moves, color, userName } = caret;
        return from <= viewport.to && to >= viewport.from
          ? [[keyOf(caret), JSON.stringify([moves, color, userName])]]
          : [];
      })
    );
    const last = this.inView;
    this.inView = inView;
    return inView.size !== last.size || [...inView].some(([key, look]) => last.get(key) !== look);
  }

  private seen(): Seen[] {
    const { view } = this;
    return this.connection.cursors.flatMap(caret => {
      const draft = view.state.field(draftMarks, false)?.carets.get(keyOf(caret));
      const head = draft?.head ?? this.range(caret).head;
      const cursor = EditorSelection.cursor(head);
      const [rectangle] = RectangleMarker.forRange(view, 'cm-specCaret', cursor);
      const box = view.coordsAtPos(head);
      if (!rectangle || !box) {
        return [];
      }
      const seen = this.inDraft(draft, { caret, rectangle, box });
      return isUnderGutter(view, seen.box) ? [] : [seen];
    });
  }

  /** A caret behind the letters of a draft, in place of the one where the draft stands. */
  private inDraft(draft: DraftCaret | undefined, seen: Seen): Seen {
    const place = draft?.isInDraft ? draftCaretBox(this.view, keyOf(seen.caret)) : null;
    if (!place) {
      return seen;
    }
    const { box, rectangle } = seen;
    const { scaleX, scaleY } = this.view;
    const top = place.top + (place.height - (box.bottom - box.top)) / 2;
    return {
      ...seen,
      rectangle: new RectangleMarker(
        'cm-specCaret',
        rectangle.left + (place.left - box.left) / scaleX,
        rectangle.top + (top - box.top) / scaleY,
        rectangle.width,
        rectangle.height
      ),
      box: { left: place.left, right: place.left, top, bottom: top + box.bottom - box.top }
    };
  }

  private rank(caret: RemoteCaret): number {
    const key = keyOf(caret);
    return this.pointed === key ? -1 : [...this.shown.keys()].indexOf(key);
  }

  private flagOf(caret: RemoteCaret, box: Box, places: FlagPlaces): Flag | null {
    const key = keyOf(caret);
    const now = performance.now();
    const shown = this.shown.get(key);
    const isPointed = this.pointed === key;
    if (!isPointed && (shown?.until ?? 0) <= now) {
      return null;
    }
    const { userName: name } = caret;
    const place = places.place(box, widthOf(name));
    const isInTheWay = place?.isOverText && now > (shown?.since ?? 0) + FLAG_DURATION;
    return place && (isPointed || !isInTheWay) ? { name, place } : null;
  }

  /** Where a caret is in the editor's text, which may lack edits that the document has. */
  private range(caret: RemoteCaret): SelectionRange {
    const attached = attachedTo(this.view);
    const range = attached
      ? toRange(attached.inView(caret), attached.text)
      : toRange(caret, this.connection.document);
    const written = compositionIn(this.view.state);
    return written ? range.map(written) : range;
  }

  /** Redraws when the next flag has to disappear. */
  private scheduleRedraw(): void {
    const now = performance.now();
    const due = [...this.shown.values()]
      .flatMap(({ since, until }) => [since + FLAG_DURATION, until])
      .filter(time => time > now);
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

function keyOf(caret: Pick<RemoteCaret, 'sessionId' | 'userId'>): string {
  return caret.sessionId ?? caret.userId;
}

/** The approximate width of a flag in pixels; a letter of an 11 px font is about 6.5 px wide. */
function widthOf(name: string): number {
  return Math.min(176, 8 + 6.8 * [...name].length);
}
