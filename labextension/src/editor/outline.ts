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

import type { Outline, OutlineEntry, Structure } from '../markdown/outline';
import { outlineInSteps } from '../markdown/outlineReading';
import { browserEnvironment, inSlicesFromNow, Listeners } from '../runtime';
import { onParsedText, parsedText } from './textParser';

/** The outline of an editor's text. It may be some letters behind the text, but its places are those in the text. */
export class EditorOutline {
  constructor(
    private readonly outline: Outline,
    /** Where the front matter ends; 0 where there is none. */
    private readonly bodyFrom: number,
    private readonly since: ChangeDesc | null = null
  ) {}

  /** The same object for two outlines whose entries differ in nothing but their places. */
  get structure(): Structure {
    return this.outline.structure;
  }

  get entries(): readonly OutlineEntry[] {
    return this.outline.entries;
  }

  /** The indexes of the headings among the entries. */
  get headings(): readonly number[] {
    return this.outline.headings;
  }

  /** The entry with an index; `null` if there are not so many. */
  entry(index: number): OutlineEntry | null {
    return index >= 0 && index < this.outline.count ? this.outline.entry(index) : null;
  }

  find(id: string): OutlineEntry | null {
    return this.outline.find(id);
  }

  /** Whether it was read from the text as it is now. */
  get isCurrent(): boolean {
    return this.since === null;
  }

  /** The outline of the text after more changes. */
  after(changes: ChangeDesc): EditorOutline {
    const since = this.since?.composeDesc(changes) ?? changes;
    return new EditorOutline(this.outline, this.bodyFrom, since);
  }

  /** Where an entry begins and ends in the text. */
  extentOf({ from, to }: OutlineEntry): { readonly from: number; readonly to: number } {
    return { from: this.mapped(from, 1), to: this.mapped(to, -1) };
  }

  /** The heading in whose section `position` is, after those that its section is in. */
  pathAt(position: number): readonly OutlineEntry[] {
    return this.indexesAt(position).map(index => this.outline.entry(index));
  }

  /** The same, as indexes. */
  indexesAt(position: number): readonly number[] {
    const path: number[] = [];
    const { outline } = this;
    let index = outline.headingBefore(this.indexAt(position) + 1, LOWEST + 1);
    while (index >= 0) {
      path.unshift(index);
      index = outline.headingBefore(index, outline.levelOf(index));
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
    const index = this.indexAt(from);
    if (index < 0 || this.outline.levelOf(index) === 0) {
      return null;
    }
    const extent = this.extentOf(this.outline.entry(index));
    return extent.from === from && extent.to > lineEnd ? { from: lineEnd, to: extent.to } : null;
  }

  /** The index of the last entry that begins at `position` or before it; -1 if there is none. */
  private indexAt(position: number): number {
    let [low, high] = [0, this.outline.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.mapped(this.outline.fromOf(middle), 1) <= position) {
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

/** The lowest level of a heading. */
const LOWEST = 6;

const setOutline = StateEffect.define<EditorOutline>();

const known = StateField.define<EditorOutline | null>({
  create: () => null,
  update: (outline, { effects, docChanged, changes }) => {
    const set = effects.find(effect => effect.is(setOutline));
    return set ? set.value : docChanged ? (outline?.after(changes.desc) ?? null) : outline;
  }
});

/** The outline of an editor's text; `null` until there is one. */
export function editorOutline(state: EditorState): EditorOutline | null {
  return state.field(known, false) ?? null;
}

/** By editor, and not in its state, which JupyterLab may make anew. */
const listeners = new WeakMap<EditorView, Listeners<void>>();

/** Calls `listener` whenever the outline has been read anew; returns a function that ends that. */
export function onOutline(view: EditorView, listener: () => void): () => void {
  const known = listeners.get(view) ?? new Listeners<void>();
  listeners.set(view, known);
  return known.add(listener);
}

/** Resolves when the outline is that of the text: at once, but for the moment after an edit or a text that arrived. */
export async function whenOutlined(view: EditorView): Promise<void> {
  if (!editorOutline(view.state)?.isCurrent) {
    await new Promise<void>(resolve => {
      const end = onOutline(view, () => {
        end();
        resolve();
      });
    });
  }
}

/** Reads the outline when there is a parse of the text as it is now. */
class Reading implements PluginValue {
  private readonly end: () => void;
  private cancel: (() => void) | null = null;

  constructor(private readonly view: EditorView) {
    this.end = onParsedText(view, () => this.read());
  }

  destroy(): void {
    this.end();
    this.cancel?.();
  }

  /** What was read of chunks is kept, so that a reading which a newer one ends did not work for nothing. */
  private read(): void {
    this.cancel?.();
    const parsed = parsedText(this.view);
    if (!parsed || parsed.doc !== this.view.state.doc) {
      return;
    }
    this.cancel = inSlicesFromNow(browserEnvironment, outlineInSteps(parsed), outline => {
      if (parsed.doc === this.view.state.doc) {
        const effects = setOutline.of(new EditorOutline(outline, parsed.bodyFrom));
        this.view.dispatch({ effects });
        listeners.get(this.view)?.tell();
      }
    });
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
