import { type Extension, StateEffect, StateField, type Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  type PluginValue,
  ViewPlugin,
  type ViewUpdate
} from '@codemirror/view';

import { Listeners } from '../runtime';
import { catchUp } from './collaboration';
import { connectionOf } from './connectionFacet';
import { allMatches, type Match, nearest } from './matches';

/** Milliseconds until the text is searched anew after an edit; longer for a long text. `length` in UTF-16 units. */
function searchDelay(length: number): number {
  return Math.min(2_000, Math.max(100, length / 1_000));
}

/** Pixels between a match that is scrolled to and the edge of the view: the search panel lies over the text. */
const MARGIN = 80;

/** What was found in `doc`. */
interface Found {
  readonly doc: Text;
  readonly matches: readonly Match[];
}

const showMatches = StateEffect.define<DecorationSet>();
// The classes that JupyterLab's themes have colours for.
const match = Decoration.mark({ class: 'cm-searching' });
const currentMatch = Decoration.mark({ class: 'jp-current-match' });

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (shown, { changes, effects }) =>
    effects.reduce(
      (set, effect) => (effect.is(showMatches) ? effect.value : set),
      shown.map(changes)
    ),
  provide: field => EditorView.decorations.from(field)
});

/**
 * Finds and replaces text in an editor. What a user sees of it is not here.
 *
 * The current match is a place in the text and not a number, so that it stays where it is while others type above
 * it. JupyterLab's own highlighter counts matches, since nobody else edits its texts.
 *
 * Laws (`search.test.ts`): the current match stays the same under edits elsewhere; nothing is replaced in a text that
 * was not searched; replacing all matches is one edit.
 */
export class Search implements PluginValue {
  private query: RegExp | null = null;
  private found: Found | null = null;
  /** The place of the current match; it moves with edits. */
  private current: Match | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly listeners = new Listeners<void>();

  constructor(private readonly view: EditorView) {}

  /** The number of matches. */
  get count(): number {
    return this.found?.matches.length ?? 0;
  }

  /** The number of the current match, from 0; `null` where there is none. */
  get index(): number | null {
    const { current, found } = this;
    const index = current && found ? nearest(found.matches, current.from) : -1;
    return index >= 0 && found?.matches[index]?.from === current?.from ? index : null;
  }

  /** Calls `listener` when an edit changed what is found; returns a function that ends this. */
  onChange(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  /** Searches for `query`, and shows the first match after the caret. */
  start(query: RegExp): void {
    const isSame = query.source === this.query?.source && query.flags === this.query.flags;
    this.query = query;
    catchUp(this.view);
    this.refresh(true);
    if (!isSame || this.current === null) {
      this.go(this.view.state.selection.main.from, 1, false);
    }
  }

  end(): void {
    this.query = this.found = this.current = null;
    this.stopTimer();
    this.show();
  }

  /** Selects the match after the caret, or the current one where the focus is elsewhere; after the last the first. */
  next(): void {
    this.catchUp();
    const { main } = this.view.state.selection;
    this.go(this.current && !this.view.hasFocus ? this.current.from + 1 : main.to, 1, true);
  }

  /** Selects the match before; before the first the last. */
  previous(): void {
    this.catchUp();
    const { main } = this.view.state.selection;
    this.go(this.current && !this.view.hasFocus ? this.current.from : main.from, -1, true);
  }

  /** Replaces the current match and goes to the next; `false` where nothing is replaced. */
  replace(by: (match: Match) => string): boolean {
    this.catchUp();
    const found = this.found?.matches[this.index ?? -1];
    if (!found || this.view.state.readOnly) {
      return false;
    }
    const insert = by(found);
    this.edit([{ from: found.from, to: found.to, insert }], 'input.replace');
    this.go(found.from + insert.length, 1, true);
    return true;
  }

  /** Replaces all matches by one edit; returns how many. */
  replaceAll(by: (match: Match) => string): number {
    this.catchUp();
    const matches = this.found?.matches ?? [];
    if (matches.length === 0 || this.view.state.readOnly) {
      return 0;
    }
    const changes = matches.map(each => ({ from: each.from, to: each.to, insert: by(each) }));
    this.current = null;
    this.edit(changes, 'input.replace.all');
    return matches.length;
  }

  update({ docChanged, changes, state }: ViewUpdate): void {
    if (!docChanged || !this.query) {
      return;
    }
    const { current } = this;
    if (current) {
      const from = changes.mapPos(current.from, 1);
      this.current = { ...current, from, to: Math.max(from, changes.mapPos(current.to, -1)) };
    }
    this.timer ??= setTimeout(() => this.refresh(), searchDelay(state.doc.length));
  }

  destroy(): void {
    this.stopTimer();
  }

  /** Edits in an undo step of its own. */
  private edit(changes: { from: number; to: number; insert: string }[], userEvent: string): void {
    const connection = connectionOf(this.view.state);
    connection?.closeUndoStep();
    this.view.dispatch({ changes, userEvent });
    connection?.closeUndoStep();
    this.refresh();
  }

  /** Shows what others have typed, and searches it. */
  private catchUp(): void {
    catchUp(this.view);
    this.refresh();
  }

  /** Searches anew where the text has changed since. */
  private refresh(isOther = false): void {
    this.stopTimer();
    const { doc } = this.view.state;
    if (!this.query || (!isOther && this.found?.doc === doc)) {
      return;
    }
    this.found = { doc, matches: allMatches(this.query, doc) };
    if (this.current && this.index === null) {
      const { matches } = this.found;
      this.current = matches[nearest(matches, this.current.from)] ?? null;
    }
    this.show();
    this.listeners.tell();
  }

  /** Makes the first match at or after `from` the current one, or with `step` -1 the last before it, and round. */
  private go(from: number, step: 1 | -1, select: boolean): void {
    const matches = this.found?.matches ?? [];
    const after = nearest(matches, from);
    const start = after < 0 ? matches.length : after;
    const index = step > 0 ? start : start - 1;
    this.current = matches[(index + matches.length) % (matches.length || 1)] ?? null;
    this.show();
    if (this.current) {
      const { from: anchor, to: head } = this.current;
      this.view.dispatch({
        ...(select && { selection: { anchor, head }, userEvent: 'select.search' }),
        effects: EditorView.scrollIntoView(anchor, { y: 'nearest', yMargin: MARGIN })
      });
    }
  }

  private show(): void {
    const { current, found } = this;
    const all = Decoration.set((found?.matches ?? []).map(({ from, to }) => match.range(from, to)));
    const isShown = current !== null && this.index !== null;
    const set = isShown ? all.update({ add: [currentMatch.range(current.from, current.to)] }) : all;
    this.view.dispatch({ effects: showMatches.of(set) });
  }

  private stopTimer(): void {
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }
}

const plugin = ViewPlugin.define(view => new Search(view));

/** Has to be among the extensions of an editor in which {@link searchIn} is to search. */
export const searching: Extension = [marks, plugin];

/** The search in an editor; `null` if it has none. */
export function searchIn(view: EditorView): Search | null {
  return view.plugin(plugin);
}
