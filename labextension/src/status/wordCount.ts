import type { Text as EditorText } from '@codemirror/state';

/** How many characters are read at a time, in a few milliseconds. */
const STEP = 100_000;

/** A word; of scripts that have no spaces between words each character is one. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}]|['’.,_-](?=[\p{L}\p{N}]))*/gu;

/** Counts the words of a text, in steps for long ones. Marks of Markdown are no words. */
export function* countWords(doc: EditorText): Generator<undefined, number> {
  let count = 0;
  let read = 0;
  for (const line of doc.iterLines()) {
    count += wordsIn(line);
    read += line.length + 1;
    if (read >= STEP) {
      read = 0;
      yield;
    }
  }
  return count;
}

/** The number of words in a piece of text. */
export function wordsIn(text: string): number {
  return text.match(WORD)?.length ?? 0;
}
