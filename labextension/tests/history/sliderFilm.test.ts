// @vitest-environment node
/** The film: any version of a history, made from what is kept near it. */
import { beforeEach, describe, expect, it } from 'vitest';

import { EVERY, Film, type FilmOptions } from '../../src/history/slider/film';
import { type Frame, KeptTexts } from '../../src/history/slider/keptTexts';
import { OperationLog, PAGE } from '../../src/history/slider/operationLog';
import { apply, Text } from '../../src/text';
import { World } from '../kit';
import { chance, Recording } from './recording';

const LENGTH = 6 * PAGE;
const recorded = new Recording(LENGTH, 11);

class Viewer {
  readonly world = new World(1);
  readonly recording = Object.assign(Object.create(Recording.prototype) as Recording, recorded, {
    asked: { operations: 0, texts: 0, underWay: 0, mostUnderWay: 0 }
  });
  readonly shown: Frame[] = [];
  readonly errors: unknown[] = [];
  isWaiting = false;
  readonly film: Film;

  constructor(
    options: Partial<FilmOptions> = {},
    kept: ConstructorParameters<typeof Film>[1] = {}
  ) {
    this.film = new Film(
      {
        source: this.recording,
        clock: this.world.environment,
        first: 0,
        last: LENGTH,
        shown: frame => this.shown.push(frame),
        waiting: isWaiting => (this.isWaiting = isWaiting),
        failed: error => this.errors.push(error),
        ...options
      },
      kept
    );
  }

  /** Lets everything come that is under way. */
  async settle(rounds = 400): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      await Promise.resolve();
      this.world.run(10);
    }
  }

  get last(): Frame | undefined {
    return this.shown.at(-1);
  }
}

describe('the film', () => {
  let viewer: Viewer;
  beforeEach(() => {
    viewer = new Viewer();
  });

  it('shows the text of each version that is sought', async () => {
    const random = chance(5);
    for (let sought = 0; sought < 60; sought++) {
      const version = Math.floor(random() * (LENGTH + 1));
      viewer.film.seek(version);
      await viewer.settle(sought % 3 === 0 ? 5 : 60);
      if (viewer.last?.version === version) {
        expect(viewer.last.text.toString()).toBe(viewer.recording.texts[version]!.toString());
      }
    }
    await viewer.settle();
    expect(viewer.shown.length).toBeGreaterThan(50);
    expect(viewer.isWaiting).toBe(false);
  });

  it('gets all that there is room for while nobody moves, and then asks nothing more', async () => {
    viewer.film.seek(LENGTH);
    await viewer.settle(2000);
    const { asked } = viewer.recording;
    expect(asked.texts).toBe(1);
    expect(asked.operations).toBe(LENGTH / PAGE);
    const random = chance(6);
    for (let sought = 0; sought < 100; sought++) {
      const version = Math.floor(random() * (LENGTH + 1));
      viewer.film.seek(version);
      viewer.world.run(100);
      expect(viewer.last?.version).toBe(version);
      expect(viewer.last!.text.toString()).toBe(viewer.recording.texts[version]!.toString());
    }
    expect([asked.texts, asked.operations]).toEqual([1, LENGTH / PAGE]);
  });

  it('shows only the last of positions that follow each other quickly', async () => {
    for (let version = LENGTH; version > 0; version -= 100) {
      viewer.film.seek(version);
    }
    viewer.film.seek(4321);
    await viewer.settle();
    expect(viewer.last?.version).toBe(4321);
    expect(viewer.recording.asked.texts).toBeLessThan(4);
    expect(viewer.recording.asked.mostUnderWay).toBeLessThan(5);
  });

  it('says what failed, and goes on with the next position', async () => {
    viewer.recording.isDown = true;
    viewer.film.seek(7000);
    expect(viewer.isWaiting).toBe(true);
    await viewer.settle();
    expect(viewer.errors).toHaveLength(1);
    expect(viewer.isWaiting).toBe(false);
    expect(viewer.shown).toEqual([]);
    viewer.recording.isDown = false;
    viewer.film.seek(7000);
    await viewer.settle();
    expect(viewer.last?.version).toBe(7000);
  });

  it('goes from letter to letter with the operations of a page, whatever a page holds', async () => {
    viewer.recording.pageSize = 300;
    viewer.film.seek(5000);
    await viewer.settle();
    for (let version = 5000; version > 4700; version--) {
      viewer.film.seek(version);
      await viewer.settle(3);
      expect(viewer.last?.version).toBe(version);
      expect(viewer.last!.text.toString()).toBe(viewer.recording.texts[version]!.toString());
    }
    expect(viewer.recording.asked.texts).toBe(1);
  });

  it('keeps no more than there is room for, and does not ask for it again and again', async () => {
    const kept = { log: new OperationLog(200_000), texts: new KeptTexts(40_000) };
    viewer = new Viewer({}, kept);
    viewer.film.seek(LENGTH);
    await viewer.settle(1000);
    const { asked } = viewer.recording;
    const before = asked.operations;
    await viewer.settle(1000);
    expect(asked.operations).toBe(before);
    for (const version of [3, 9000, 44, 11_000, 6000]) {
      viewer.film.seek(version);
      await viewer.settle();
      expect(viewer.last?.text.toString()).toBe(viewer.recording.texts[version]!.toString());
    }
  });

  it('tells the change between two versions, where they are near', async () => {
    viewer.film.seek(3000);
    await viewer.settle();
    const { texts } = viewer.recording;
    for (const [from, to] of [
      [3000, 3001],
      [3001, 3000],
      [2900, 3000],
      [3000, 2850],
      [3000, 3000]
    ] as const) {
      const change = viewer.film.change(from, to)!;
      expect(apply(change, texts[from]!.toString())).toBe(texts[to]!.toString());
    }
    expect(viewer.film.change(1000, 3000)).toBeNull();
    expect(viewer.film.stepsUpTo(3000, 3)).toEqual(viewer.recording.steps.slice(2997, 3000));
    expect(viewer.film.stepsUpTo(0, 3)).toEqual([]);
  });

  it('begins behind what was folded away, and follows the spec to later versions', async () => {
    viewer = new Viewer({ first: 1234, last: 5000 });
    viewer.film.seek(0);
    await viewer.settle(1000);
    expect(viewer.last?.version).toBe(1234);
    expect(viewer.last!.text.toString()).toBe(viewer.recording.texts[1234]!.toString());
    expect(viewer.film.stepTo(1234)).toBeNull();
    viewer.film.seek(9999);
    await viewer.settle();
    expect(viewer.last?.version).toBe(5000);
    viewer.film.extend(LENGTH);
    viewer.film.seek(LENGTH);
    await viewer.settle();
    expect(viewer.last?.text.equals(viewer.recording.texts[LENGTH]!)).toBe(true);
  });

  it('asks for nothing when it is closed', async () => {
    viewer.film.seek(LENGTH);
    viewer.film.dispose();
    await viewer.settle();
    expect(viewer.shown).toEqual([]);
    expect(viewer.recording.asked.operations).toBe(1);
  });
});

describe('the kept texts', () => {
  it('are those around a version, with a bound', () => {
    const texts = new KeptTexts(10_000);
    for (let version = 0; version <= 100; version++) {
      texts.add({ version: version * EVERY, text: Text.of('x'.repeat(1000)) }, 20 * EVERY);
    }
    expect(texts.around(20 * EVERY).map(frame => frame?.version)).toEqual([20 * EVERY, 21 * EVERY]);
    expect(texts.around(1)[0]).toBeNull();
    texts.clear();
    expect(texts.around(20 * EVERY)).toEqual([null, null]);
  });
});
