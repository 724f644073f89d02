/**
 * Whether rendering a text would take long: JupyterLab's parsers need a time that grows with a power of the length of
 * what is found here. Such a text is shown as it was written.
 *
 * Without these, 12,000 characters, the longest block that is rendered at once, take less than half a second.
 */
export function isCostly(text: string, isCode: boolean): boolean {
  return BACKTICKS.test(text) || (!isCode && (WORD.test(text) || marksIn(text) > MARKS));
}

/** Formulas are looked for outside of code, by trying each length of a run of backticks. */
const BACKTICKS = /`{40}/;
/** A word may be an e-mail address. */
const WORD = /[\w.+-]{4000}/;
/** How many marks of emphasis there may be. */
const MARKS = 1_500;

function marksIn(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    count += code === 42 || code === 95 || code === 126 ? 1 : 0; // * _ ~
  }
  return count;
}
