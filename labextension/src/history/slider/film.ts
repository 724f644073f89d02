import { type Clock, inSlices, inSlicesFromNow } from '../../runtime';
import type { OperationPage } from '../../server/operations';
import { composeAll, EMPTY, normalise, type Operation, type Steps, Text } from '../../text';
import { type Frame, KeptTexts } from './keptTexts';
import { type Gap, OperationLog, PAGE } from './operationLog';
import { backward, forward, inverseOf, operationOf, type Step } from './step';

/** Each so many versions a text is kept, so that any version is near to one. */
export const EVERY = 500;
/** How far from a kept text a version may be, to be made from it; else its text is asked for. */
const REACH = 2 * PAGE;
/** How many edits are made before somebody else may have a turn. */
const EDITS = 50;
/** Milliseconds between the requests for what is farther away. */
const PAUSE = 30;
/** How near what is missing has to be, to be asked for where there is no room for all. */
const NEAR = 2 * PAGE;
/** How many versions may lie between two texts, for the change between them to be made of the operations. */
const COMPOSED = 200;

/** Where the operations and the texts come from. */
export interface FilmSource {
  operations(after: number, limit: number): Promise<OperationPage>;
  text(version: number): Promise<string>;
}

export interface FilmOptions {
  readonly source: FilmSource;
  readonly clock: Clock;
  /** The first version that can be read, and the last one. */
  readonly first: number;
  readonly last: number;
  /** A version that was sought is there. */
  shown(frame: Frame): void;
  /** The server is asked for what is sought, or it has answered. */
  waiting(isWaiting: boolean): void;
  failed(error: unknown): void;
}

/**
 * The texts of all versions of a spec, one after the other.
 *
 * A text is made from the nearest one that is kept, by the operations in between. What is missing is asked for in
 * pages; around the version that is looked at first, then all that there is room for.
 *
 * Laws (`sliderFilm.test.ts`): each version has the text that replaying the log gives; a newer position ends the work for an
 * older one, so that the last position is the last to be shown; what is kept has a bound.
 */
export class Film {
  private readonly log: OperationLog;
  private readonly texts: KeptTexts;
  private target: number;
  private direction: 1 | -1 = -1;
  private endOfHistory: number;
  private cancel: () => void = () => undefined;
  private isAsking = false;
  private isPreparing = false;
  private isSought = false;
  private isClosed = false;

  constructor(
    private readonly options: FilmOptions,
    kept: { readonly log?: OperationLog; readonly texts?: KeptTexts } = {}
  ) {
    this.log = kept.log ?? new OperationLog();
    this.texts = kept.texts ?? new KeptTexts();
    this.endOfHistory = options.last;
    this.target = options.last;
    if (options.first === 0) {
      this.texts.add({ version: 0, text: Text.EMPTY }, this.target);
    }
  }

  get last(): number {
    return this.endOfHistory;
  }

  /** The spec has come to a later version. */
  extend(version: number): void {
    this.endOfHistory = Math.max(version, this.endOfHistory);
  }

  /** Shows a version as soon as it is there; what was sought before is not shown any more. */
  seek(version: number): void {
    const target = Math.min(Math.max(version, this.options.first), this.endOfHistory);
    if (target !== this.target) {
      this.direction = target > this.target ? 1 : -1;
    }
    this.target = target;
    this.isSought = true;
    this.goOn();
  }

  dispose(): void {
    this.isClosed = true;
    this.cancel();
  }

  /** What led to a version; `null` if it is not kept. */
  stepTo(version: number): Step | null {
    return version > this.options.first ? this.log.stepTo(version) : null;
  }

  /** What led to the last versions up to `version`, at most `count`; fewer where they are not kept. */
  stepsUpTo(version: number, count: number): readonly Step[] {
    const steps: Step[] = [];
    while (steps.length < count) {
      const step = this.stepTo(version - steps.length);
      if (!step) {
        break;
      }
      steps.push(step);
    }
    return steps.reverse();
  }

  /** The change from one version to another one; `null` where many lie in between, or what they did is not kept. */
  change(from: number, to: number): Operation | null {
    if (from === to) {
      return EMPTY;
    }
    const [after, until] = [Math.min(from, to), Math.max(from, to)];
    const steps = until - after <= COMPOSED ? this.stepsUpTo(until, until - after) : [];
    if (steps.length < until - after) {
      return null;
    }
    return normalise(
      composeAll(to >= from ? steps.map(operationOf) : [...steps].reverse().map(inverseOf))
    );
  }

  private goOn(): void {
    this.cancel();
    this.cancel = () => undefined;
    const start = this.startOf(this.target);
    if (start) {
      const { clock } = this.options;
      this.cancel = inSlicesFromNow(clock, this.made(start, this.target), text =>
        this.reached(text)
      );
    } else if (!this.isAsking) {
      this.ask();
    }
  }

  /** The kept text from which a version is made with the least work; `null` where none is near enough. */
  private startOf(version: number): Frame | null {
    const [before, behind] = this.texts.around(version);
    const ways = [before, behind].flatMap(frame => {
      const distance = frame ? Math.abs(frame.version - version) : Infinity;
      return frame && distance <= REACH ? [{ frame, distance }] : [];
    });
    const way = ways
      .sort((one, other) => one.distance - other.distance)
      .find(({ frame }) =>
        this.log.covers(Math.min(frame.version, version), Math.max(frame.version, version))
      );
    return way?.frame ?? null;
  }

  /** Makes a version of a kept text; `null` if an operation is not kept any more. */
  private *made(start: Frame, version: number): Steps<Text | null> {
    let { text, version: at } = start;
    let edits = 0;
    while (at !== version) {
      const step = this.log.stepTo(at < version ? at + 1 : at);
      if (!step) {
        return null;
      }
      text = at < version ? forward(text, step) : backward(text, step);
      at += at < version ? 1 : -1;
      if (at % EVERY === 0) {
        this.texts.add({ version: at, text }, this.target);
      }
      edits += Math.max(1, step.edits.length);
      if (edits >= EDITS) {
        edits = 0;
        yield;
      }
    }
    return text;
  }

  private reached(text: Text | null): void {
    if (text === null) {
      this.goOn();
      return;
    }
    this.isSought = false;
    this.options.waiting(false);
    this.options.shown({ version: this.target, text });
    this.prepareSoon();
  }

  /** Asks for the text of the version that is sought, and the operations around it. */
  private ask(): void {
    const { target, log } = this;
    const { source, waiting, failed } = this.options;
    const gap = target > this.options.first ? log.gapAt(target) : null;
    this.isAsking = true;
    waiting(true);
    Promise.all([source.text(target), gap && this.askForOperations(gap)]).then(
      ([content]) => {
        this.isAsking = false;
        this.texts.add({ version: target, text: Text.of(content) }, this.target);
        this.goOnIfOpen();
      },
      (error: unknown) => {
        this.isAsking = false;
        if (!this.isClosed) {
          this.isSought = false;
          waiting(false);
          failed(error);
        }
      }
    );
  }

  private goOnIfOpen(): void {
    if (this.isSought && !this.isClosed) {
      this.goOn();
    }
  }

  private async askForOperations({ after, limit }: Gap): Promise<OperationPage> {
    const from = Math.max(after, this.options.first);
    const page = await this.options.source.operations(from, after + limit - from);
    this.log.add(page, this.target);
    return page;
  }

  private prepareSoon(): void {
    this.cancel = this.options.clock.after(PAUSE, () => this.prepare());
  }

  /** Gets what will be needed next: around the version that is looked at, in the direction of the hand first. */
  private prepare(): void {
    const missing = this.nextMissing();
    const gap = missing === null ? null : this.log.gapAt(missing);
    if (!gap || this.isPreparing) {
      return;
    }
    this.isPreparing = true;
    this.askForOperations(gap).then(
      page => {
        this.isPreparing = false;
        if (!this.isSought && !this.isClosed && page.operations.length > 0) {
          this.develop(page.after, page.after + page.operations.length);
        }
      },
      () => {
        // The next position asks again, and tells if that fails, too.
        this.isPreparing = false;
      }
    );
  }

  /** Makes the texts in a new page that are kept, so that no version in it is far from one. */
  private develop(after: number, until: number): void {
    const [first, last] = [this.startOf(after), this.startOf(until)];
    const isFromBehind =
      !first || (last !== null && last.version - until < Math.abs(after - first.version));
    const start = isFromBehind ? last : first;
    this.cancel();
    if (start) {
      const steps = this.made(start, isFromBehind ? after : until);
      this.cancel = inSlices(this.options.clock, steps, () => this.prepareSoon());
    } else {
      this.prepareSoon();
    }
  }

  private nextMissing(): number | null {
    const { target, direction, log } = this;
    const { first } = this.options;
    const start = Math.max(target, first + 1);
    const [up, down] = [log.nextMissing(start, 1), log.nextMissing(start, -1)];
    const against = (step: 1 | -1) => (step === direction ? 1 : 2);
    const found = [
      { version: up, cost: against(1) * (up - start) },
      { version: down, cost: against(-1) * (start - down) }
    ].filter(
      ({ version, cost }) =>
        version > first && version <= this.endOfHistory && (log.hasRoom || cost < NEAR)
    );
    return found.sort((one, other) => one.cost - other.cost)[0]?.version ?? null;
  }
}
