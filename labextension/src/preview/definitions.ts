/**
 * What blocks of a text know of each other: link definitions and footnotes.
 *
 * A block is rendered by itself, so the definitions that it refers to are given to it.
 */

/** A link definition: `[label]: address "title"`, on one line. */
export interface LinkDefinition {
  readonly label: string;
  readonly line: string;
}

/** A footnote: its name and its text. */
export interface Footnote {
  readonly name: string;
  readonly text: string;
}

/** The greatest length of a link's label, as in CommonMark. */
const LONGEST_LABEL = 999;
const BRACKETED = /\[((?:[^[\]\\]|\\[^])+)\]/g;
const REFERENCE = /\[\^([^\s[\]]{1,100})\](?!:)/g;
const NOTE = /^ {0,3}\[\^([^\s[\]]{1,100})\]:[ \t]*/;

/** Labels are compared in this form. */
export function normalLabel(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** The labels that a block may refer to: everything in brackets. */
export function labelsIn(text: string): readonly string[] {
  const labels = new Set<string>();
  for (const [, label] of text.matchAll(BRACKETED)) {
    if (label?.trim() && label.length <= LONGEST_LABEL && !label.startsWith('^')) {
      labels.add(normalLabel(label));
    }
  }
  return [...labels];
}

/** The names of the footnotes that a block refers to, in order. */
export function notesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(REFERENCE)].map(([, name]) => name!))];
}

/** The footnotes of a block that consists of nothing else; `null` for any other block. */
export function footnotesOf(text: string): readonly Footnote[] | null {
  if (!NOTE.test(text)) {
    return null;
  }
  const notes: { name: string; text: string }[] = [];
  for (const line of text.split('\n')) {
    const name = NOTE.exec(line);
    if (name) {
      notes.push({ name: name[1]!, text: line.slice(name[0].length) });
    } else {
      notes.at(-1)!.text += `\n${line}`;
    }
  }
  return notes;
}

/**
 * The numbers of the footnotes: in the order in which the text refers to them, then those that nothing refers to.
 *
 * Law (`definitions.test.ts`, "numbers footnotes from 1 without a gap").
 */
export function numbersOf(
  references: Iterable<string>,
  defined: Iterable<string>
): ReadonlyMap<string, number> {
  const known = new Set(defined);
  const numbers = new Map<string, number>();
  for (const name of [...references, ...known]) {
    if (known.has(name) && !numbers.has(name)) {
      numbers.set(name, numbers.size + 1);
    }
  }
  return numbers;
}
