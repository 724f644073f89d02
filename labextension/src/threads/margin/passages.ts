import type { EditorView, ViewUpdate } from '@codemirror/view';

import { attachedTo } from '../../editor/collaboration';

/** A card, and the position of the editor that it is beside. */
export interface Placing {
  readonly id: string;
  readonly position: number;
}

/** A card, and where its passage begins: pixels from the top of the scrolled text. */
export interface Passage {
  readonly id: string;
  readonly top: number;
}

/** Whether positions of the document are those of the editor, too: not while edits of others wait to be shown. */
export function hasTextOfDocument(view: EditorView): boolean {
  const attached = attachedTo(view);
  return !attached?.isBehind && attached?.text.utf16Length === view.state.doc.length;
}

/** Where a passage was when it was measured: its position since then, and pixels from the beginning of the text. */
interface Known {
  readonly position: number;
  readonly top: number;
}

/**
 * Where passages begin in an editor. A letter that somebody types moves none that is in another line, unless its line
 * gets another height: those out of view are measured once, and again when more is changed than one line.
 *
 * Law (`passages.test.ts`): after any edits they are where a first measurement finds them.
 */
export class PassageTops {
  private known = new Map<string, Known>();
  /** Pixels of the text when it was measured. */
  private height = 0;
  /** Where the one line begins that was changed since then; `null` if none was. */
  private line: number | null = null;
  private viewport: EditorView['viewport'];

  constructor(private readonly view: EditorView) {
    this.viewport = view.viewport;
  }

  /** To be called with each update of the editor. */
  updated(update: ViewUpdate): void {
    const { changes, docChanged, geometryChanged, heightChanged } = update;
    const { viewport } = this;
    this.viewport = this.view.viewport;
    const isElsewhere =
      this.viewport.from !== changes.mapPos(viewport.from, -1) ||
      this.viewport.to !== changes.mapPos(viewport.to, 1);
    if (isElsewhere || (geometryChanged && !docChanged && !heightChanged)) {
      this.known.clear();
    } else if (docChanged && this.known.size > 0) {
      const line = changedLine(update);
      const before = this.line === null ? line : changes.mapPos(this.line, -1);
      if (line === null || line !== before) {
        this.known.clear();
      }
      this.line = line;
      this.known.forEach(({ position, top }, id) =>
        this.known.set(id, { position: changes.mapPos(position, 1), top })
      );
    }
  }

  /**
   * Where passages begin, in the order in which they are given. To be called in a measuring phase of the editor.
   *
   * Each that has to be measured costs a look at the height of one line; only lines that are wrapped and near the view
   * are asked for the place of a letter.
   */
  measured(places: readonly Placing[]): Passage[] {
    const { view } = this;
    const { length } = view.state.doc;
    const { from, to } = view.viewport;
    const { top } = view.scrollDOM.getBoundingClientRect();
    const origin = view.documentTop - top + view.scrollDOM.scrollTop;
    if (view.contentHeight !== this.height) {
      this.known.clear();
    }
    this.height = view.contentHeight;
    this.line = null;
    const found = new Map<string, Known>();
    for (const { id, position: wanted } of places) {
      const position = Math.min(wanted, length);
      const before = this.known.get(id);
      const isKnown = before?.position === position && (position < from || position > to);
      found.set(id, isKnown ? before : { position, top: topOf(view, position) });
    }
    this.known = found;
    return places.map(({ id }) => ({ id, top: origin + found.get(id)!.top }));
  }
}

/** Where the line begins that an update changed; `null` if it changed several, or began, ended or joined lines. */
function changedLine({ changes, startState, state }: ViewUpdate): number | null {
  const lines = new Set<number | null>();
  changes.iterChanges((from, to, begin, _end, inserted) => {
    const isInOne = inserted.lines === 1 && to <= startState.doc.lineAt(from).to;
    lines.add(isInOne ? state.doc.lineAt(begin).from : null);
  });
  const [line] = lines;
  return lines.size === 1 ? line! : null;
}

/** How far below the beginning of the text a position is, in pixels. */
export function topOf(view: EditorView, position: number): number {
  const block = view.lineBlockAt(position);
  const isWrapped = block.height > 1.6 * view.defaultLineHeight;
  const { from, to } = view.viewport;
  if (isWrapped && position >= from && position <= to) {
    const place = view.coordsAtPos(position, 1);
    if (place) {
      return place.top - view.documentTop;
    }
  }
  return block.top;
}
