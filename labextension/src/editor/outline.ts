import {
  codeFolding,
  foldable,
  foldEffect,
  foldedRanges,
  foldService,
  unfoldEffect
} from '@codemirror/language';
import {
  type ChangeDesc,
  type EditorState,
  type Extension,
  Prec,
  StateEffect,
  StateField
} from '@codemirror/state';
import { EditorView, type PluginValue, ViewPlugin } from '@codemirror/view';

import { type OutlineEntry, outlineOf } from '../markdown/outline';
import { Listeners } from '../runtime';
import { onWholeTree, wholeTree } from './wholeTree';

/** The outline of an editor's text. It may be some letters behind the text, but its places are those in the text. */
export class EditorOutline {
  constructor(
    readonly entries: readonly OutlineEntry[],
    /** Where the front matter ends; 0 where there is none. */
    private readonly bodyFrom: number,
    private readonly since: ChangeDesc | null = null
  ) {}

  /** The headings, in the order of the text. */
  get headings(): readonly OutlineEntry[] {
    return this.entries.filter(({ level }) => level > 0);
  }

  /** The outline of the text after more changes. */
  after(changes: ChangeDesc): EditorOutline {
    return new EditorOutline(
      this.entries,
      this.bodyFrom,
      this.since?.composeDesc(changes) ?? changes
    );
  }

  /** Where an entry begins and ends in the text. */
  extentOf({ from, to }: OutlineEntry): { readonly from: number; readonly to: number } {
    return { from: this.mapped(from, 1), to: this.mapped(to, -1) };
  }

  /** The heading in whose section `position` is, after those that its section is in. */
  pathAt(position: number): readonly OutlineEntry[] {
    const path: OutlineEntry[] = [];
    for (let index = this.indexAt(position); index >= 0; index--) {
      const entry = this.entries[index];
      if (entry.level > 0 && entry.level < (path[0]?.level ?? 7)) {
        path.unshift(entry);
      }
      if (entry.level === 1) {
        break;
      }
    }
    return path;
  }

  /** What of the lines below the line that begins at `from` can be folded: a section, or the front matter. */
  foldAt({ doc }: EditorState, from: number): { from: number; to: number } | null {
    const { to: lineEnd } = doc.lineAt(from);
    if (from === 0 && this.bodyFrom > 0) {
      const end = this.mapped(this.bodyFrom, -1);
      const to = end > 0 && doc.lineAt(end).from === end ? end - 1 : end;
      return to > lineEnd ? { from: lineEnd, to } : null;
    }
    const entry = this.entries[this.indexAt(from)];
    const extent = entry?.level > 0 ? this.extentOf(entry) : null;
    return extent?.from === from && extent.to > lineEnd ? { from: lineEnd, to: extent.to } : null;
  }

  /** The index of the last entry that begins at `position` or before it; -1 if there is none. */
  private indexAt(position: number): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.mapped(this.entries[middle].from, 1) <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private mapped(position: number, side: number): number {
    return this.since?.mapPos(position, side) ?? position;
  }
}

const EMPTY = new EditorOutline([], 0);
const setOutline = StateEffect.define<EditorOutline>();

const known = StateField.define<EditorOutline>({
  create: () => EMPTY,
  update: (outline, { effects, docChanged, changes }) => {
    const set = effects.find(effect => effect.is(setOutline));
    if (set) {
      return set.value;
    }
    return docChanged && outline !== EMPTY ? outline.after(changes.desc) : outline;
  }
});

/** The outline of an editor's text; `null` until there is one. */
export function editorOutline(state: EditorState): EditorOutline | null {
  const outline = state.field(known, false) ?? EMPTY;
  return outline === EMPTY ? null : outline;
}

/** By editor, and not in its state, which JupyterLab may make anew. */
const listeners = new WeakMap<EditorView, Listeners<void>>();

/** Calls `listener` whenever the outline has been read anew; returns a function that ends that. */
export function onOutline(view: EditorView, listener: () => void): () => void {
  const known = listeners.get(view) ?? new Listeners<void>();
  listeners.set(view, known);
  return known.add(listener);
}

/** Reads the outline when there is a tree of the text as it is now. */
class Reading implements PluginValue {
  private readonly end: () => void;

  constructor(private readonly view: EditorView) {
    this.end = onWholeTree(view, () => this.read());
  }

  destroy(): void {
    this.end();
  }

  private read(): void {
    const whole = wholeTree(this.view);
    const { doc } = this.view.state;
    if (whole?.doc === doc) {
      const { entries } = outlineOf(whole.body, doc, whole.bodyFrom);
      const outline = new EditorOutline(entries, whole.bodyFrom);
      this.view.dispatch({ effects: setOutline.of(outline) });
      listeners.get(this.view)?.tell();
    }
  }
}

const reading = ViewPlugin.fromClass(Reading);

/** Keeps an outline of the text, by which sections and front matter can be folded, however long they are. */
export const outlining: Extension = [
  known,
  reading,
  Prec.highest(foldService.of((state, from) => editorOutline(state)?.foldAt(state, from) ?? null)),
  codeFolding()
];

/** Folds what begins at the caret's line, or the section that the caret is in; unfolds what is folded there. */
export function toggleFold(view: EditorView): boolean {
  const { state } = view;
  const { head } = state.selection.main;
  const line = state.doc.lineAt(head);
  let folded: { from: number; to: number } | null = null;
  foldedRanges(state).between(line.from, line.to, (from, to) => void (folded ??= { from, to }));
  if (folded) {
    view.dispatch({ effects: unfoldEffect.of(folded) });
    return true;
  }
  const outline = editorOutline(state);
  const section = outline?.pathAt(head).at(-1);
  const heading = section && outline?.extentOf(section).from;
  const range =
    foldable(state, line.from, line.to) ??
    (heading === undefined ? null : (outline?.foldAt(state, heading) ?? null));
  if (range) {
    // A caret in what is folded would open it again.
    view.dispatch({ selection: { anchor: range.from }, effects: foldEffect.of(range) });
  }
  return range !== null;
}

/** Puts the caret at a place and scrolls so that it is near the top. */
export function goToPosition(view: EditorView, position: number): void {
  const anchor = Math.min(position, view.state.doc.length);
  view.dispatch({
    selection: { anchor },
    effects: EditorView.scrollIntoView(anchor, { y: 'start', yMargin: 24 })
  });
}
