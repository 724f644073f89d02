import type { EditorView } from '@codemirror/view';

import { besides, type Typed } from '../editor/typedSuggestions';
import type { Composing } from './composing';

export interface SuggestingOptions {
  readonly view: EditorView;
  readonly composing: Composing;
  /** Shows the card of what is being written, with the focus in it. */
  showCard(): void;
}

/** The last letter as readers count them: a letter with its accents, an emoji with its parts, or a flag. */
const LAST_LETTER =
  /(\p{Regional_Indicator}{2}|\p{Extended_Pictographic}\p{M}*\p{EMod}?(\u200d\p{Extended_Pictographic}\p{M}*\p{EMod}?)*|\P{M}?\p{M}*)$/u;
const LAST_WORD = /\S*\s*$/;

/**
 * What somebody types into a text that they may not edit, as a suggestion. It is collected at the caret, shown there,
 * and sent with Enter or from its card. The document stays as it is.
 *
 * Law (`suggesting.test.ts`): the text with the suggestion is what the same keys would have made of the text.
 */
export class Suggesting implements Typed {
  constructor(private readonly options: SuggestingOptions) {}

  insert(text: string): boolean {
    const { composing } = this.options;
    const begun = this.here;
    if (begun) {
      composing.write({ replacement: begun.replacement + text });
    } else {
      const { from, to } = this.selected;
      this.begin(from, to, text);
    }
    return true;
  }

  remove(side: 'before' | 'after', isWord: boolean): boolean {
    const { composing, view } = this.options;
    const begun = this.here;
    if (!begun) {
      this.removeSelected(side, isWord);
    } else if (side === 'after') {
      this.widen(begun.start, besides(view, begun.end, side, isWord), begun.replacement);
    } else if (begun.replacement !== '') {
      const rest = begun.replacement.replace(isWord ? LAST_WORD : LAST_LETTER, '');
      composing.write({ replacement: rest });
      this.discardIfNothing();
    } else {
      this.widen(besides(view, begun.start, side, isWord), begun.end, '');
    }
    return true;
  }

  enter(): boolean {
    const { composing } = this.options;
    const isMine = this.here !== null;
    if (isMine && composing.maySend) {
      composing.send();
    }
    return isMine;
  }

  escape(): boolean {
    const isMine = this.here !== null;
    if (isMine) {
      this.options.composing.discard();
    }
    return isMine;
  }

  compose(): boolean {
    const { from, to } = this.selected;
    if (!this.here && this.showsOther()) {
      return false;
    }
    if (from < to) {
      this.widen(from, to, '');
    }
    return true;
  }

  /** The suggestion that is being written, if the caret is where its next letter comes. */
  private get here() {
    const { composing } = this.options;
    const { current } = composing;
    const { empty, head } = this.selected;
    const isHere = current?.kind === 'suggestion' && empty && head === current.end;
    return isHere && current.replacement !== current.quote ? current : null;
  }

  private get selected() {
    return this.options.view.state.selection.main;
  }

  private removeSelected(side: 'before' | 'after', isWord: boolean): void {
    const { view } = this.options;
    const { from, to, empty, head } = this.selected;
    if (!empty) {
      this.begin(from, to, '');
      return;
    }
    const other = besides(view, head, side, isWord);
    if (other !== head) {
      this.begin(Math.min(head, other), Math.max(head, other), '');
    }
  }

  /** Begins a suggestion, unless another one waits to be sent: that is shown then. */
  private begin(from: number, to: number, replacement: string): void {
    if (!this.showsOther()) {
      this.widen(from, to, replacement);
    }
  }

  /** Shows a suggestion that waits to be sent, and is another one than at the caret. */
  private showsOther(): boolean {
    const { composing, showCard } = this.options;
    const { current } = composing;
    const isOther = composing.goOn() || (current?.kind === 'suggestion' && current.body !== '');
    if (isOther) {
      showCard();
    }
    return isOther;
  }

  private widen(from: number, to: number, replacement: string): void {
    const { composing, view } = this.options;
    composing.begin('suggestion', from, to, true);
    composing.write({ replacement });
    view.dispatch({ selection: { anchor: to } });
  }

  /** Nothing is left of a suggested insertion. */
  private discardIfNothing(): void {
    const { composing } = this.options;
    const { current } = composing;
    if (current && current.replacement === current.quote && current.body === '') {
      composing.discard();
    }
  }
}
