import { EditorView } from '@codemirror/view';

import type { SpecDocument } from '../document/document';
import { catchUp, onUpdate } from '../editor';
import { mayComment } from '../protocol';
import type { ThreadKind } from '../server/threads';
import { Composing } from './composing';
import { LONGEST_BODY, type ShownThread, type SpecThreads, type TextRange } from './specThreads';

/** A spec in the main area with its threads: what is selected, what is at the caret, and the way to a passage. */
export class CommentedSpec {
  readonly composing: Composing;
  private readonly stops: (() => void)[];

  constructor(
    readonly document: SpecDocument,
    readonly threads: SpecThreads
  ) {
    const view = document.content.editor;
    this.composing = new Composing(view, threads);
    this.stops = [
      onUpdate(view, ({ transactions }) => {
        if (transactions.some(each => each.isUserEvent('select'))) {
          this.selectAtCaret();
        }
      })
    ];
  }

  dispose(): void {
    this.stops.forEach(stop => stop());
    this.composing.dispose();
  }

  get mayComment(): boolean {
    return mayComment(this.threads.role);
  }

  /** The open thread that is selected, or else the one at the caret. */
  get current(): ShownThread | null {
    const { selected } = this.threads;
    const known = selected === null ? null : this.threads.find(selected);
    return known ?? this.atCaret;
  }

  /** The thread of the card that has the focus, or else the one at the caret. */
  get atFocus(): ShownThread | null {
    const isInCard = this.view.dom.ownerDocument.activeElement?.closest('.jp-Thread') ?? null;
    return isInCard ? this.current : this.atCaret;
  }

  /** The open thread with the shortest passage at the caret; `null` where there is none. */
  get atCaret(): ShownThread | null {
    const { head } = this.view.state.selection.main;
    const length = ({ range }: ShownThread) => range!.end - range!.start;
    const found = this.threads.all.filter(
      ({ thread, range }) =>
        range !== null && thread.state === 'open' && range.start <= head && head <= range.end
    );
    return found.sort((one, other) => length(one) - length(other))[0] ?? null;
  }

  /** Shows the passage of a thread in the text and in the preview, without moving the caret. */
  goTo(threadId: string): void {
    const { view, document } = this;
    catchUp(view);
    const range = this.threads.find(threadId)?.range;
    if (range) {
      const start = Math.min(range.start, view.state.doc.length);
      view.dispatch({ effects: EditorView.scrollIntoView(start, { y: 'nearest', yMargin: 80 }) });
      document.content.preview?.showPosition(start);
    }
  }

  /** Puts the caret at the beginning of a thread's passage. */
  moveTo(threadId: string): void {
    catchUp(this.view);
    const range = this.threads.find(threadId)?.range;
    if (range) {
      this.view.dispatch({
        selection: { anchor: Math.min(range.start, this.view.state.doc.length) }
      });
    }
    this.threads.select(threadId);
    this.goTo(threadId);
  }

  /**
   * Begins a comment or suggestion on what is selected, or else on the word at the caret; `false` where there is none. A
   * suggestion that was not sent goes on instead.
   */
  begin(kind: ThreadKind): boolean {
    if (this.composing.goOn()) {
      return true;
    }
    catchUp(this.view);
    const range = this.wanted(kind);
    if (range) {
      this.composing.begin(kind, range.start, range.end);
    }
    return range !== null;
  }

  /** Whether more is selected than one may suggest other words for. */
  get isSelectionTooLong(): boolean {
    const { selection } = this;
    return selection !== null && selection.end - selection.start > LONGEST_BODY;
  }

  /** Whether words are selected, in the text or in its preview. */
  get hasSelection(): boolean {
    return this.selection !== null;
  }

  private get view(): EditorView {
    return this.document.content.editor;
  }

  private get selection(): TextRange | null {
    const inPreview = this.document.content.preview?.selectedSource ?? null;
    const { from, to } = inPreview ?? this.view.state.selection.main;
    return from < to ? { start: from, end: to } : null;
  }

  private wanted(kind: ThreadKind): TextRange | null {
    const { view, selection } = this;
    const { state } = view;
    const { head } = state.selection.main;
    if (selection) {
      return kind === 'suggestion' ? selection : trimmed(view, selection);
    }
    const word = state.wordAt(head);
    if (word) {
      return { start: word.from, end: word.to };
    }
    const line = state.doc.lineAt(head);
    const range = trimmed(view, { start: line.from, end: line.to });
    return range ?? (kind === 'suggestion' ? { start: head, end: head } : null);
  }

  private selectAtCaret(): void {
    this.threads.select(this.atCaret?.thread.threadId ?? null);
  }
}

/** A range without the white space at its ends; `null` where nothing is left. */
function trimmed(view: EditorView, { start, end }: TextRange): TextRange | null {
  const text = view.state.sliceDoc(start, end);
  const before = text.length - text.trimStart().length;
  const words = text.trim();
  return words ? { start: start + before, end: start + before + words.length } : null;
}
