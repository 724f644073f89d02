import type { Text } from '../../text';
import type { Authors, Writer } from './authors';
import type { Difference } from './passage';

/** A changed piece of a comparison. */
export interface Passage {
  /** The newer text in which it is. */
  readonly text: Text;
  readonly differences: readonly Difference[];
  /** The lines as they were and as they are, without the last line feed. */
  readonly olderWords: string;
  readonly newerWords: string;
  /** Who wrote what was added, the last one first; empty where nothing was, or where it isn't known. */
  readonly writers: readonly Writer[];
}

/** A piece of two texts; `to` may lie one letter behind the end of a text, as in `@codemirror/merge`. */
type Lines = Pick<Difference, 'fromA' | 'toA' | 'fromB' | 'toB'>;

/** The changed piece that has these differences, in these lines. */
export function passageOf(
  older: Text,
  { text, authors }: { readonly text: Text; readonly authors: Authors | null },
  differences: readonly Difference[],
  { fromA, toA, fromB, toB }: Lines
): Passage {
  const slice = (whole: Text, from: number, to: number) => {
    const end = Math.min(to, whole.utf16Length);
    return whole.slice(whole.codePointOf(from), whole.codePointOf(Math.max(from, end)));
  };
  return {
    text,
    differences,
    olderWords: slice(older, fromA, toA).replace(/\n$/, ''),
    newerWords: slice(text, fromB, toB).replace(/\n$/, ''),
    writers: authors ? authorsIn(authors, text, differences) : []
  };
}

/** Differences that are looked at to name people. */
const MOST = 200;

/** Who wrote the added letters, each person with their latest time, the last one first. */
export function authorsIn(
  authors: Authors,
  text: Text,
  differences: readonly Difference[]
): readonly Writer[] {
  const latest = new Map<string, Writer>();
  for (const { fromB, toB } of differences.slice(0, MOST)) {
    for (const { writer } of authors.within(text.codePointOf(fromB), text.codePointOf(toB))) {
      const known = latest.get(writer.userId);
      if (!known || known.time < writer.time) {
        latest.set(writer.userId, writer);
      }
    }
  }
  return [...latest.values()].sort((one, other) => other.time - one.time);
}
