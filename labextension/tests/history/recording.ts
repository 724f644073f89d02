/** A history for tests: a log of random steps, its texts, and a source that counts what it is asked for. */
import type { FilmSource } from '../../src/history/slider/film';
import { forward, type Step } from '../../src/history/slider/step';
import type { Edit, OperationPage } from '../../src/server/operations';
import { Text } from '../../src/text';

/** A generator of numbers from 0 to 1 that a seed determines. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const LETTERS = ['a', 'é', '漢', '😀', '\n'];

/** Random edits of a text, whose positions descend. */
function editsOf(text: Text, random: () => number): Edit[] {
  const edits: Edit[] = [];
  let end = text.length;
  for (let count = random() < 0.1 ? 3 : 1; count > 0; count--) {
    const position = Math.floor(random() * (end + 1));
    const removed =
      random() < 0.3 ? text.slice(position, Math.min(end, position + 1 + random() * 3)) : '';
    const letter = LETTERS[Math.floor(random() * LETTERS.length)]!;
    const inserted = removed && random() < 0.5 ? '' : letter.repeat(1 + random() * 3);
    edits.push([position, removed, inserted]);
    end = position - 1;
    if (end < 0) {
      break;
    }
  }
  return edits;
}

/** What a server has of a spec. */
export class Recording implements FilmSource {
  readonly steps: Step[] = [];
  readonly texts: Text[] = [Text.EMPTY];
  readonly asked = { operations: 0, texts: 0, underWay: 0, mostUnderWay: 0 };
  /** At most so many operations are in a page, whatever is asked for. */
  pageSize = Infinity;
  isDown = false;
  /** Pauses before each answer, in turns of the event loop. */
  delay = 0;

  constructor(length: number, seed = 1) {
    const random = chance(seed);
    for (let version = 1; version <= length; version++) {
      const text = this.texts.at(-1)!;
      const step = {
        userId: random() < 0.5 ? 'user-Ada' : 'user-Grace',
        time: 1_767_225_600 + version,
        edits: editsOf(text, random)
      };
      this.steps.push(step);
      this.texts.push(forward(text, step));
    }
  }

  async operations(after: number, limit: number): Promise<OperationPage> {
    this.asked.operations++;
    return this.answer(() => this.page(after, limit));
  }

  async text(version: number): Promise<string> {
    this.asked.texts++;
    return this.answer(() => this.texts[version]!.toString());
  }

  page(after: number, limit: number): OperationPage {
    const steps = this.steps.slice(after, after + Math.min(limit, this.pageSize));
    const userIds = [...new Set(steps.map(({ userId }) => userId))];
    const last = after + steps.length;
    return {
      epoch: 'epoch',
      version: this.steps.length,
      after,
      operations: steps.map(({ userId, time, edits }) => [userIds.indexOf(userId), time, edits]),
      people: userIds.map(userId => ({ userId, userName: userId.slice(5) })),
      nextAfter: last < this.steps.length ? last : null
    };
  }

  private async answer<T>(make: () => T): Promise<T> {
    const { asked } = this;
    asked.underWay++;
    asked.mostUnderWay = Math.max(asked.mostUnderWay, asked.underWay);
    for (let turn = 0; turn < this.delay; turn++) {
      await Promise.resolve();
    }
    asked.underWay--;
    if (this.isDown) {
      throw new Error('The server is down.');
    }
    return make();
  }
}
