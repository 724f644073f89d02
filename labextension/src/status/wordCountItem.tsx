import type { EditorView, ViewUpdate } from '@codemirror/view';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { type ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';

import { onUpdate } from '../editor';
import { browserEnvironment, inSlices } from '../runtime';
import { countWords, wordsIn } from './wordCount';

/** Milliseconds without a change after which the words are counted again. */
const QUIET = 400;
/** A selection that is longer, in UTF-16 units, is not counted. */
const MOST_SELECTED = 200_000;

/** How many words the current spec has, and how many are selected. */
export class WordCountItem extends ReactWidget {
  private readonly changed = new Signal<this, void>(this);
  private view: EditorView | null = null;
  private words: number | null = null;
  private selected = 0;
  private cancel = (): void => undefined;
  private unfollow = (): void => undefined;

  constructor(private readonly trans: TranslationBundle) {
    super();
    this.addClass('jp-SpecWords');
  }

  /** Whether a spec is shown. */
  get isActive(): boolean {
    return this.view !== null;
  }

  get activeChanged(): ISignal<this, void> {
    return this.changed;
  }

  /** Counts in this editor from now on; `null` for none. */
  follow(view: EditorView | null): void {
    if (view !== this.view) {
      this.unfollow();
      this.view = view;
      this.words = null;
      this.selected = 0;
      this.unfollow = view ? onUpdate(view, update => this.updated(update)) : () => undefined;
      this.count();
      this.changed.emit();
    }
  }

  override dispose(): void {
    this.unfollow();
    this.cancel();
    super.dispose();
  }

  protected override render(): JSX.Element | null {
    const { words, selected, trans } = this;
    if (words === null) {
      return null;
    }
    const all = words.toLocaleString();
    // %1 is the number that decides the plural.
    return (
      <span className="jp-StatusBar-TextItem">
        {selected
          ? trans._n('%2 of %3 word', '%2 of %3 words', words, selected.toLocaleString(), all)
          : trans._n('%2 word', '%2 words', words, all)}
      </span>
    );
  }

  private updated({ state, docChanged, selectionSet }: ViewUpdate): void {
    if (docChanged) {
      this.cancel();
      this.cancel = browserEnvironment.after(QUIET, () => this.count());
    }
    const { from, to } = state.selection.main;
    const selected = to - from <= MOST_SELECTED ? wordsIn(state.sliceDoc(from, to)) : 0;
    if ((docChanged || selectionSet) && selected !== this.selected) {
      this.selected = selected;
      this.update();
    }
  }

  private count(): void {
    this.cancel();
    if (this.view) {
      this.cancel = inSlices(browserEnvironment, countWords(this.view.state.doc), words => {
        this.words = words;
        this.update();
      });
    }
  }
}
