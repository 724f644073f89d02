import type { Change, SpecConnection } from '../session';
import type { Replica } from '../sync';
import { codePointLength, Gaps, type Text } from '../text';
import type { OpenCall } from './calls';
import { committedRange, type Range } from './newRange';
import { reworded } from './rewording';

/** How many code points of its passage, and of what stands around it, a new thread remembers. */
const MOST_QUOTE = 1_000;
const AROUND = 64;
/** Fewer code points before an insertion don't tell where it was. */
const FEWEST_AROUND = 3;

export interface BeginningOptions {
  readonly connection: Pick<SpecConnection, 'document' | 'replica'>;
  /** The range of a thread, or what stands in it, is another one of the shown text. */
  moved(call: OpenCall): void;
  /** The range of a thread is one of the committed text now. */
  placed(call: OpenCall): void;
  /** The words that it was about are gone. */
  gone(call: OpenCall): void;
}

/** A new thread, and the shown text that its range is one of. */
interface Begun {
  readonly call: OpenCall;
  readonly text: Text;
}

/**
 * New threads whose range holds letters that the server has not acknowledged: their ranges move with the shown text
 * until they are ranges of a committed one.
 */
export class Beginning {
  private readonly begun = new Map<string, Begun>();

  constructor(private readonly options: BeginningOptions) {}

  /** Each thread with its range in the shown text, as far as changes of that were told. */
  get all(): readonly OpenCall[] {
    return [...this.begun.values()].map(({ call }) => call);
  }

  /** `call.range` is one of the connection's text now. */
  add(call: OpenCall): void {
    this.begun.set(call.threadId, { call, text: this.options.connection.document });
    this.place();
  }

  remove(threadId: string): void {
    this.begun.delete(threadId);
  }

  /** The shown text changed. */
  changed({ operation, before, after }: Change): void {
    if (this.begun.size > 0) {
      const gaps = new Gaps({ operation, before });
      for (const [threadId, { call, text }] of this.begun) {
        const { start, end, letters } = gaps.moved({ ...call.range, letters: null }, call.quote);
        if (text !== before) {
          continue; // it was begun in a later text
        } else if (letters === null) {
          const range = { start, end };
          const moved = {
            ...call,
            range,
            ...quotedAt(range, after),
            replacement: replacementOf(call, wordsAt(call.range, before), wordsAt(range, after))
          };
          this.begun.set(threadId, { call: moved, text: after });
          this.options.moved(moved);
        } else {
          this.begun.delete(threadId);
          this.options.gone(call);
        }
      }
      this.place();
    }
  }

  /** The server may have acknowledged something. The text may have changed before its change is told. */
  place(): void {
    const { replica } = this.options.connection;
    for (const [threadId, { call, text }] of replica ? this.begun : []) {
      const place = text === replica!.text ? committedRange(call.range, replica!) : null;
      if (place) {
        const { epoch, version } = replica!;
        this.begun.delete(threadId);
        this.options.placed({ ...call, place: { ...place, epoch, version } });
      }
    }
  }
}

/** What a new thread suggests where other words stand in its range now; `null` for a comment. */
export function replacementOf(
  { replacement }: OpenCall,
  words: string,
  present: string
): string | null {
  return replacement === null ? null : reworded(words, replacement, present);
}

function wordsAt({ start, end }: Range, text: Text): string {
  return text.slice(start, end);
}

/** What a new thread remembers of its range. */
export function quotedAt(
  { start, end }: Range,
  text: Text
): Pick<OpenCall, 'quote' | 'prefix' | 'suffix'> {
  return {
    quote: text.slice(start, Math.min(end, start + MOST_QUOTE)),
    prefix: text.slice(start - AROUND, start),
    suffix: text.slice(end, end + AROUND)
  };
}

/** The range of an earlier page's thread in the shown text, by its words; `null` where they are not found. */
export function foundAgain({ range, quote, prefix }: OpenCall, text: Text): Range | null {
  const { start, end } = range;
  const isInsertion = start === end;
  const words = isInsertion ? prefix : quote;
  const from = isInsertion ? start - codePointLength(prefix) : start;
  const length = codePointLength(words);
  const isThere = text.slice(from, from + length) === words && end <= text.length;
  if (isThere) {
    return range;
  }
  const isWhole = isInsertion ? length >= FEWEST_AROUND : end - start === length;
  const found = isWhole ? nearest(words, from, text) : null;
  return found === null
    ? null
    : isInsertion
      ? { start: found + length, end: found + length }
      : { start: found, end: found + length };
}

/** The code point nearest to `from` where these words stand. */
function nearest(words: string, from: number, text: Text): number | null {
  const content = text.toString();
  const wanted = text.utf16Of(Math.max(0, from));
  const [before, behind] = [content.lastIndexOf(words, wanted), content.indexOf(words, wanted)];
  if (before < 0 || behind < 0) {
    const only = Math.max(before, behind);
    return only < 0 ? null : text.codePointOf(only);
  }
  return text.codePointOf(wanted - before < behind - wanted ? before : behind);
}

/** The same thread with the range of its words in the text that the replica shows; `null` where they are gone. */
export function placedAgain(call: OpenCall, replica: Replica): OpenCall | null {
  const range = foundAgain(call, replica.text);
  return range && { ...call, range, place: null };
}
