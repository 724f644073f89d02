import { type Extension, Prec, type Range, RangeSet, StateEffect } from '@codemirror/state';
import {
  type EditorView,
  gutter,
  GutterMarker,
  type PluginValue,
  ViewPlugin,
  type ViewUpdate
} from '@codemirror/view';

import { Listeners } from '../runtime';
import { attachedTo } from './collaboration';

/** Something new in a text, between two positions of its editor; of no length where letters are gone. */
export interface NewMark {
  readonly from: number;
  readonly to: number;
  /** Of who wrote it; safe to use in a style. */
  readonly colour: string;
  /** Who and when, for the pointer. */
  readonly title: string;
  readonly isSeen: boolean;
}

/** Tells what is new between two positions, from left to right. */
export type NewMarkSource = (from: number, to: number) => readonly NewMark[];

/** How many different authors the pointer is told of one line. */
const MOST_TITLES = 4;

/** By editor, and not in its state, which JupyterLab may make anew. */
const sources = new WeakMap<EditorView, NewMarkSource>();

const listeners = new WeakMap<EditorView, Listeners<void>>();

const renewed = StateEffect.define();

/** Has the editor mark in its margin what `source` tells of the lines near the view. */
export function setNewMarks(view: EditorView, source: NewMarkSource): void {
  sources.set(view, source);
  renewNewMarks(view);
}

/** The source tells something else now. Where edits of others wait, that is shown with them. */
export function renewNewMarks(view: EditorView): void {
  if (hasDocumentsText(view)) {
    view.dispatch({ effects: renewed.of(null) });
    listeners.get(view)?.tell();
  }
}

/** Calls back when the source tells something else, though the text is as before; returns a function that ends that. */
export function onNewMarks(view: EditorView, listener: () => void): () => void {
  const known = listeners.get(view) ?? new Listeners<void>();
  listeners.set(view, known);
  return known.add(listener);
}

/** What is new between two positions of an editor that has the text of its document. */
export function newMarksBetween(view: EditorView, from: number, to: number): readonly NewMark[] {
  return sources.get(view)?.(from, to) ?? [];
}

/** The margin for such marks. It has its width before there are any, so that the text never moves. */
export function newMarkMargin(): Extension {
  return [margin, Prec.lowest(gutter({ class: 'cm-newGutter', markers }))];
}

class Margin implements PluginValue {
  markers: RangeSet<GutterMarker>;

  constructor(view: EditorView) {
    this.markers = markersIn(view);
  }

  update({ view, changes, docChanged, viewportChanged, transactions }: ViewUpdate): void {
    const isRenewed = transactions.some(({ effects }) => effects.some(each => each.is(renewed)));
    if (docChanged) {
      this.markers = this.markers.map(changes);
    }
    if ((isRenewed || docChanged || viewportChanged) && hasDocumentsText(view)) {
      this.markers = markersIn(view);
    }
  }
}

/**
 * Whether an editor has the text of its document, of which the source tells: not while edits of others wait, nor in
 * the update in which the user edits. The markers then only move.
 */
function hasDocumentsText(view: EditorView): boolean {
  const attached = attachedTo(view);
  return !attached?.isBehind && attached?.text.utf16Length === view.state.doc.length;
}

const margin = ViewPlugin.fromClass(Margin);

function markers(view: EditorView): RangeSet<GutterMarker> {
  return view.plugin(margin)?.markers ?? RangeSet.empty;
}

/** One marker for each line near the view that has something new. */
function markersIn(view: EditorView): RangeSet<GutterMarker> {
  const { viewport, state } = view;
  const byLine = new Map<number, NewMark[]>();
  for (const mark of newMarksBetween(view, viewport.from, viewport.to)) {
    const { from, to } = withoutBreaks(state.sliceDoc(mark.from, mark.to), mark);
    for (let at = from; at <= to && at <= viewport.to;) {
      const line = state.doc.lineAt(at);
      byLine.set(line.from, [...(byLine.get(line.from) ?? []), mark]);
      at = line.to + 1;
    }
  }
  const found = [...byLine].sort(([one], [other]) => one - other);
  return RangeSet.of(
    found.map(([at, marks]): Range<GutterMarker> => new LineMark(marks).range(at))
  );
}

/** From the first to the last letter of a mark: a line that only ends in it, or begins behind it, is not new. */
function withoutBreaks(text: string, { from, to }: NewMark): { from: number; to: number } {
  const body = text.trim();
  const start = body ? from + text.indexOf(body) : from;
  return { from: start, to: body ? start + body.length - 1 : Math.max(from, to - 1) };
}

class LineMark extends GutterMarker {
  private readonly colour: string;
  private readonly title: string;
  private readonly kind: string;

  constructor(marks: readonly NewMark[]) {
    super();
    const shown = marks.find(({ isSeen }) => !isSeen) ?? marks[0];
    const titles = [...new Set(marks.map(({ title }) => title))].slice(0, MOST_TITLES);
    this.colour = shown.colour;
    this.title = titles.join('\n');
    const isGone = marks.every(({ from, to }) => from === to);
    this.kind = `${isGone ? ' cm-mod-gone' : ''}${shown.isSeen ? ' cm-mod-seen' : ''}`;
  }

  override eq(other: LineMark): boolean {
    return this.colour === other.colour && this.title === other.title && this.kind === other.kind;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('div');
    element.className = `cm-newMark${this.kind}`;
    element.style.setProperty('--speccollab-person', this.colour);
    element.title = this.title;
    return element;
  }
}
