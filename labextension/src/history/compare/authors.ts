import type { AttributionAnswer } from '../../sync/authorship';
import { Attribution, type Operation, type Run } from '../../text';

/** Who wrote some letters. */
export interface Writer {
  readonly userId: string;
  readonly userName: string;
  /** As it was told; it has to be made safe. */
  readonly colour: string | null;
  /** In milliseconds since 1970. */
  readonly time: number;
}

/** Letters of one writer, in code points. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly writer: Writer;
}

/** Milliseconds within which the edits of one person count as one. */
const TOGETHER = 60_000;

/**
 * Who wrote which letter of a text, which may go on changing.
 *
 * Law (`authors.test.ts`): after any changes each letter belongs to who inserted it.
 */
export class Authors {
  private constructor(
    /** The runs' “versions” are indexes of writers. */
    private attribution: Attribution,
    private readonly writers: Writer[]
  ) {}

  static of({ runs, people }: AttributionAnswer): Authors {
    const writers: Writer[] = [];
    const indexes = new Map<string, number>();
    for (const [person, time] of edits(runs)) {
      const { userId, userName, color } = people[person]!;
      const last = writers.at(-1);
      if (last?.userId !== userId || 1000 * time - last.time >= TOGETHER) {
        writers.push({ userId, userName, colour: color, time: 1000 * time });
      }
      indexes.set(`${person} ${time}`, writers.length - 1);
    }
    const told = runs.map(([length, , person, time]): Run => [
      length,
      indexes.get(`${person} ${time}`)!
    ]);
    return new Authors(Attribution.of(told), writers);
  }

  /** The length of the text in code points. */
  get length(): number {
    return this.attribution.length;
  }

  /** `writer` made an edit. */
  apply(operation: Operation, writer: Writer): void {
    this.attribution = this.attribution.apply(operation, this.indexOf(writer));
  }

  /** Who wrote the letters between two places, from left to right. */
  within(from: number, to: number): readonly Piece[] {
    let at = from;
    return this.attribution.within(from, to).map(([length, index]) => {
      const piece = { from: at, to: at + length, writer: this.writers[index]! };
      at += length;
      return piece;
    });
  }

  private indexOf(writer: Writer): number {
    const index = this.writers.findLastIndex(({ userId }) => userId === writer.userId);
    if (index >= 0 && writer.time - this.writers[index]!.time < TOGETHER) {
      return index;
    }
    const known = this.writers[index];
    this.writers.push(known ? { ...known, time: writer.time } : writer);
    return this.writers.length - 1;
  }
}

/** When each person wrote, in seconds: person by person, the earliest first. */
function edits(runs: AttributionAnswer['runs']): (readonly [person: number, time: number])[] {
  return runs
    .map(([, , person, time]) => [person, time] as const)
    .sort(([onePerson, one], [otherPerson, other]) => onePerson - otherPerson || one - other);
}
