import type { EditorView } from '@codemirror/view';

import { catchUp, onUpdate } from '../editor';
import { Listeners } from '../runtime';
import type { ThreadKind } from '../server/threads';
import { sent } from './attempts';
import type { NewDraft } from './messageDrafts';
import { reworded } from './rewording';
import type { SpecThreads } from './specThreads';

/** How far from its place a passage is looked for again, in UTF-16 units. */
const AROUND = 20_000;
/** How many UTF-16 units of a long passage are kept with what is left: by them it is found again. */
const MOST_QUOTE = 1_000;

/**
 * What is being written of a passage. `start` and `end` are positions of the editor; `quote` are the words there, or
 * those that were there before they were all deleted.
 */
export type Begun = NewDraft;

/**
 * The comment or suggestion that somebody is about to make. Its passage moves with the text while they write. What
 * they wrote is kept in the browser until it is sent or discarded.
 *
 * Laws (`composing.test.ts`): whatever is edited around the passage, it holds the same words. What others write in the
 * passage of a suggestion is in what is suggested.
 */
export class Composing {
  /** Tells when it began, ended or is another one; not of each letter. */
  readonly changed = new Listeners<void>();
  /** Tells of each letter. */
  readonly written = new Listeners<void>();
  private begun: Begun | null = null;
  private inPlace = false;
  private readonly stop: () => void;

  constructor(
    private readonly view: EditorView,
    private readonly threads: SpecThreads
  ) {
    this.stop = onUpdate(view, ({ docChanged, changes }) => {
      if (docChanged && this.begun) {
        const start = changes.mapPos(this.begun.start, 1);
        this.move(start, Math.max(start, changes.mapPos(this.begun.end, -1)));
      }
    });
  }

  dispose(): void {
    this.stop();
  }

  /** What is being written; `null` for nothing. */
  get current(): Begun | null {
    return this.begun;
  }

  /** What was begun, and left without sending it. */
  get kept(): NewDraft | null {
    return this.begun ? null : this.threads.drafts.begun;
  }

  /** Whether its words are gone: a comment then has nothing to hang on. */
  get isLost(): boolean {
    const { begun } = this;
    return begun !== null && begun.quote !== '' && begun.start >= begun.end;
  }

  /** Whether it is written in the text itself: its card then does not take the focus. */
  get isInPlace(): boolean {
    return this.inPlace;
  }

  /**
   * Begins to write of a range of the editor; what was written of another one goes on here. With `isInPlace` the user
   * goes on in the text, else in the card.
   */
  begin(kind: ThreadKind, start: number, end: number, isInPlace = false): void {
    this.inPlace = isInPlace;
    const before = this.begun ?? this.threads.drafts.begun;
    const quote = this.view.state.sliceDoc(start, end);
    this.begun = {
      kind,
      start,
      end,
      quote,
      body: before?.body ?? '',
      replacement: kind === 'suggestion' ? quote : ''
    };
    this.threads.select(null);
    this.changed.tell();
  }

  /** Goes on with what was left; its passage is looked for near where it was. */
  resume(): void {
    const { kept, view } = this;
    if (kept) {
      this.inPlace = false;
      const { start, end } = foundAgain(view.state.doc.toString(), kept);
      const quote = start < end ? view.state.sliceDoc(start, end) : kept.quote;
      this.begun = { ...kept, start, end, quote };
      this.changed.tell();
    }
  }

  /**
   * Goes on with a suggestion that has other words already, which another passage could not take over; `false` where
   * there is none. Who begins something new calls this first, so that it is not lost.
   */
  goOn(): boolean {
    const begun = this.begun ?? this.threads.drafts.begun;
    const isUnsent = begun?.kind === 'suggestion' && begun.replacement !== begun.quote;
    if (isUnsent) {
      this.resume();
    }
    return isUnsent;
  }

  write(change: Partial<Pick<Begun, 'body' | 'replacement' | 'kind'>>): void {
    if (this.begun) {
      const isOther = change.kind !== undefined && change.kind !== this.begun.kind;
      this.begun = { ...this.begun, ...change };
      this.keep();
      this.written.tell();
      if (isOther) {
        this.changed.tell();
      }
    }
  }

  /** Whether there is something to send. */
  get maySend(): boolean {
    const { begun } = this;
    if (!begun || this.isLost) {
      return false;
    }
    return begun.kind === 'comment'
      ? begun.body.trim() !== '' && begun.quote !== ''
      : begun.replacement !== begun.quote;
  }

  /** Makes the thread, and selects it. */
  send(): void {
    const { threads, view } = this;
    catchUp(view); // which may move the passage, or change its words
    const { begun } = this;
    if (!begun || !this.maySend) {
      return;
    }
    const { start, end } = begun;
    const opened =
      begun.kind === 'comment'
        ? threads.comment({ start, end }, begun.body)
        : threads.suggest({ start, end }, begun.replacement, begun.body.trim() || undefined);
    sent(opened.sent);
    this.discard();
    threads.select(opened.threadId);
  }

  /** Leaves it; what was written is kept. */
  close(): void {
    this.keep();
    this.begun = null;
    this.changed.tell();
  }

  discard(): void {
    this.begun = null;
    this.threads.drafts.begun = null;
    this.changed.tell();
  }

  /** The passage is there now, maybe with other words. */
  private move(start: number, end: number): void {
    const begun = this.begun!;
    const wasLost = this.isLost;
    const words = this.view.state.sliceDoc(start, end);
    const isReworded = start < end && words !== begun.quote;
    const next = { ...begun, start, end };
    this.begun = isReworded
      ? { ...next, quote: words, replacement: replacementOf(begun, words) }
      : next;
    if (this.isLost !== wasLost) {
      this.changed.tell();
    } else if (isReworded) {
      this.keep();
      this.written.tell();
    }
  }

  private keep(): void {
    const { begun } = this;
    if (begun) {
      const isChanged = begun.kind === 'suggestion' && begun.replacement !== begun.quote;
      const quote = begun.quote.slice(0, MOST_QUOTE);
      this.threads.drafts.begun = begun.body || isChanged ? { ...begun, quote } : null;
    }
  }
}

/** What is suggested for other words now; nothing, if nothing was. */
function replacementOf({ kind, quote, replacement }: Begun, words: string): string {
  const isSuggested = kind === 'suggestion' || replacement !== '';
  return isSuggested ? reworded(quote, replacement, words) : '';
}

/**
 * Where the words of a draft are: at its place, or else nearest to it; an empty range there, if they are gone. A long
 * passage is found by its first words.
 */
export function foundAgain(
  text: string,
  { start, end, quote }: Pick<NewDraft, 'start' | 'end' | 'quote'>
): { readonly start: number; readonly end: number } {
  const at = Math.min(start, text.length);
  if (quote === '') {
    return { start: at, end: at };
  }
  const near = (place: number) => (place < 0 ? Infinity : Math.abs(place - at));
  const found = [text.lastIndexOf(quote, at), text.indexOf(quote, at)].reduce((one, other) =>
    near(other) < near(one) ? other : one
  );
  const length = quote.length < MOST_QUOTE ? quote.length : Math.max(quote.length, end - start);
  return near(found) <= AROUND
    ? { start: found, end: Math.min(found + length, text.length) }
    : { start: at, end: at };
}
