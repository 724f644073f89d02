import type { EditorView } from '@codemirror/view';
import type { TranslationBundle } from '@jupyterlab/translation';

import {
  refreshThreadMarks,
  setThreadMarks,
  type SuggestedChange,
  type ThreadMark
} from '../editor/threadMarks';
import type { Thread } from '../server/threads';
import { diff, replacement as replaced, Text } from '../text';
import type { Composing } from './composing';
import { asRead } from './mentions';
import type { ShownThread, SpecThreads } from './specThreads';
import { shortened } from './words';

/** How many UTF-16 units a passage has at most to be read. */
const MOST_READ = 20_000;
/**
 * How many UTF-16 units may differ, of a passage and of what is suggested together, for their words to be compared: it
 * is done anew with each letter that somebody types there.
 */
const MOST_COMPARED = 4_000;
/** Letters of a message that the pointer is told. */
const MOST_TOLD = 200;
/** The id of the mark of what is being written. */
const DRAFT = 'draft';

export interface MarkingOptions {
  readonly view: EditorView;
  readonly threads: SpecThreads;
  readonly composing: Composing;
  readonly trans: TranslationBundle;
}

/** Marks the passages of threads in an editor, and of what is being written; returns a function that ends that. */
export function markThreads(options: MarkingOptions): () => void {
  const { view, threads, composing } = options;
  const compared = new Compared();
  const refresh = () => refreshThreadMarks(view);
  const stops = [
    setThreadMarks(view, (from, to) => marksBetween(options, compared, from, to)),
    threads.changed.add(refresh),
    threads.selectedChanged.add(refresh),
    composing.changed.add(refresh),
    composing.written.add(refresh)
  ];
  return () => stops.forEach(stop => stop());
}

function marksBetween(
  { view, threads, composing, trans }: MarkingOptions,
  compared: Compared,
  from: number,
  to: number
): readonly ThreadMark[] {
  const { doc } = view.state;
  const marks = threads.all.filter(isMarked).flatMap((shown): ThreadMark | never[] => {
    const { start, end } = shown.range!;
    const { thread } = shown;
    const { threadId, kind } = thread;
    if (start > to || end < from) {
      return [];
    }
    const words = (begin: number, behind: number) => doc.sliceString(begin, behind);
    return {
      id: threadId,
      from: start,
      to: end,
      kind,
      changes: kind === 'suggestion' ? compared.changes(thread, start, end, words) : [],
      isSelected: threadId === threads.selected && composing.current === null,
      isDraft: false,
      title: titleOf(thread, trans)
    };
  });
  return [...marks, ...draftOf(composing, compared, from, to)];
}

/** Whether the passage of a thread is marked: it is there, and nothing is decided. */
function isMarked({ thread, range, isOrphaned }: ShownThread): boolean {
  const isPassage = range !== null && (thread.kind === 'suggestion' || range.start < range.end);
  return isPassage && !isOrphaned && thread.state === 'open';
}

function draftOf(
  { current }: Composing,
  compared: Compared,
  from: number,
  to: number
): ThreadMark[] {
  if (!current || current.start > to || current.end < from) {
    return [];
  }
  const { kind, start, end, quote, replacement } = current;
  const changes = kind === 'suggestion' ? compared.draftChanges(quote, replacement) : [];
  return [
    {
      id: DRAFT,
      from: start,
      to: end,
      kind,
      changes: changes.map(change => shifted(change, start)),
      isSelected: true,
      isDraft: true,
      title: ''
    }
  ];
}

function titleOf({ kind, createdByName, messages }: Thread, trans: TranslationBundle): string {
  const body = shortened(asRead(messages[0]?.body ?? ''), MOST_TOLD);
  const who = kind === 'suggestion' ? trans.__('Suggested by %1', createdByName) : createdByName;
  return body ? `${who}: ${body}` : who;
}

interface Comparison {
  readonly words: string;
  readonly replacement: string;
  readonly changes: readonly SuggestedChange[];
}

/** What suggestions change in the words that are there now, compared once. */
class Compared {
  private readonly known = new WeakMap<Thread, Comparison>();
  /** That of what is being written. */
  private draft: Comparison | null = null;

  draftChanges(words: string, replacement: string): readonly SuggestedChange[] {
    const { draft } = this;
    if (draft?.words !== words || draft.replacement !== replacement) {
      this.draft = comparison(words, replacement);
    }
    return this.draft!.changes;
  }

  changes(
    thread: Thread,
    start: number,
    end: number,
    wordsIn: (start: number, end: number) => string
  ): readonly SuggestedChange[] {
    const replacement = thread.replacement ?? '';
    if (end - start > MOST_READ) {
      return [{ from: start, to: end, insert: replacement }]; // without reading it
    }
    const words = wordsIn(start, end);
    let found = this.known.get(thread);
    if (found?.words !== words) {
      found = comparison(words, replacement);
      this.known.set(thread, found);
    }
    return found.changes.map(change => shifted(change, start));
  }
}

function comparison(words: string, replacement: string): Comparison {
  const whole = replaced(words, replacement);
  const isShort = whole.to - whole.from + whole.insert.length <= MOST_COMPARED;
  return { words, replacement, changes: isShort ? changesOf(words, replacement) : [whole] };
}

function shifted({ from, to, insert }: SuggestedChange, by: number): SuggestedChange {
  return { from: from + by, to: to + by, insert };
}

/**
 * What is to change to make one text of another, from left to right, in UTF-16 units.
 *
 * Law (`marking.test.ts`): with these changes the first text is the second one.
 */
export function changesOf(words: string, replacement: string): readonly SuggestedChange[] {
  const text = Text.of(words);
  const changes: SuggestedChange[] = [];
  let [at, insert] = [0, ''];
  const change = (length: number) => {
    if (length > 0 || insert) {
      changes.push({ from: text.utf16Of(at), to: text.utf16Of(at + length), insert });
    }
    at += length;
    insert = '';
  };
  for (const component of diff(words, replacement).components) {
    if (typeof component === 'string') {
      insert = component;
    } else if (component < 0) {
      change(-component);
    } else {
      change(0);
      at += component;
    }
  }
  change(0);
  return inWholeWords(changes, words);
}

/** A letter of a word; of scripts that put no spaces between words each one reads by itself. */
const IN_WORD =
  /(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}])[\p{L}\p{M}\p{N}_]/u;

/** The changes, those that put letters in place of others with all letters of their word: so they can be read. */
function inWholeWords(
  changes: readonly SuggestedChange[],
  words: string
): readonly SuggestedChange[] {
  const joined = changes.reduce<SuggestedChange[]>((done, change) => {
    const last = done.at(-1);
    if (last && replaces(last) && replaces(change) && isInWord(words, last.to, change.from)) {
      const insert = last.insert + words.slice(last.to, change.from) + change.insert;
      done[done.length - 1] = { from: last.from, to: change.to, insert };
    } else {
      done.push(change);
    }
    return done;
  }, []);
  return joined.map((change, index) => {
    const floor = joined[index - 1]?.to ?? 0;
    const ceiling = joined[index + 1]?.from ?? words.length;
    return replaces(change) ? widened(change, words, floor, ceiling) : change;
  });
}

function replaces({ from, to, insert }: SuggestedChange): boolean {
  return from < to && insert !== '';
}

function isInWord(words: string, from: number, to: number): boolean {
  return [...words.slice(from, to)].every(letter => IN_WORD.test(letter));
}

/** A change with the letters before and behind it that belong to its first word, and to its last one. */
function widened(
  { from, to, insert }: SuggestedChange,
  words: string,
  floor: number,
  ceiling: number
): SuggestedChange {
  const isWord = (at: number) => IN_WORD.test(words[at]!);
  let [start, end] = [from, to];
  while (start > floor && isWord(start - 1) && isWord(start)) {
    start--;
  }
  while (end < ceiling && isWord(end) && isWord(end - 1)) {
    end++;
  }
  return { from: start, to: end, insert: words.slice(start, from) + insert + words.slice(to, end) };
}
