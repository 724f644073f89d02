/**
 * Whether rendering a text would take long: JupyterLab's parsers need a time that grows with a power of the length of
 * what is found here. Such a text is shown as it was written.
 *
 * Without these, 12,000 characters, the longest block that is rendered at once, take less than half a second.
 */
export function isCostly(text: string, isCode: boolean): boolean {
  return (
    BACKTICKS.test(text) ||
    (!isCode && (hasLongWord(text) || MANY.some(([marks, most]) => hasMore(text, marks, most))))
  );
}

/** Formulas are looked for outside of code, by trying each length of a run of backticks. */
const BACKTICKS = /`{40}/;
/** A word may be an e-mail address. */
const WORD = /[\w.+-]{4000}/;
/** How many marks of emphasis, of formulas, and of HTML elements there may be. */
const MANY: readonly (readonly [string, number])[] = [
  ['*_~', 1_500],
  ['$', 400],
  ['<', 1_500]
];

function hasLongWord(text: string): boolean {
  return text.length >= 4_000 && WORD.test(text);
}

function hasMore(text: string, marks: string, most: number): boolean {
  let found = 0;
  for (let at = 0; found <= most && text.length - at > most - found; at++) {
    found += marks.includes(text[at]!) ? 1 : 0;
  }
  return found > most;
}
