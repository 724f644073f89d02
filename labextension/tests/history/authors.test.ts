/** Who wrote this: live while people type, as pieces that look alike, and in numbers. */
import { readFileSync } from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { AGES, ageOf } from '../../src/history/authors/ages';
import { OFF, type TintChoice, TintMemory } from '../../src/history/authors/choice';
import { LiveAuthorship } from '../../src/history/authors/liveAuthorship';
import { SittingLookup } from '../../src/history/authors/sittingLookup';
import {
  lookOf,
  PATTERNS,
  piecesOf,
  sharesOf,
  type Telling
} from '../../src/history/authors/tinting';
import { KnownPeople } from '../../src/history/knownPeople';
import { SpecError } from '../../src/server/error';
import type { Sitting, SittingQuery } from '../../src/server/history';
import { type AttributionAnswer, UNSAVED } from '../../src/sync/authorship';
import { Attribution, finish, fromWire, Operation, type Run } from '../../src/text';
import { Chance, type Client, connect, isSynchronised, Server, userOf, World } from '../kit';

/** The attribution of a server's text, replayed from its log. */
function told(server: Server, start: number, length: number): AttributionAnswer {
  const people = ['user-Ann', 'user-Bob'].map(userId => ({ userId, userName: '', color: '' }));
  const made = new Map<number, number>();
  let attribution = Attribution.of([[length, start]]);
  for (const entry of server.since(start) ?? []) {
    const operation = fromWire(entry.operations, attribution.length);
    attribution = attribution.apply(operation, entry.version);
    made.set(
      entry.version,
      people.findIndex(({ userId }) => userId === entry.userId)
    );
  }
  const runs = attribution.runs.map(
    ([count, version]) => [count, version, made.get(version) ?? 0, 100] as const
  );
  return { version: server.version, runs, people };
}

describe('who wrote what while people type', () => {
  function table(content: string) {
    const world = new World(3);
    const server = new Server(world, content);
    const start = server.version;
    const [ann, bob] = ['Ann', 'Bob'].map(name => connect(world, server, userOf(name)));
    world.runUntil(() => [ann!, bob!].every(isSynchronised));
    const asked = { count: 0, isDown: false };
    const live = new LiveAuthorship({
      connection: ann!.connection,
      people: new KnownPeople(() => []),
      environment: world.environment,
      api: {
        attribution: async () => {
          asked.count++;
          if (asked.isDown) {
            throw new SpecError(SpecError.UNREACHABLE, 'down');
          }
          return told(server, start, content.length);
        }
      }
    });
    return { world, server, start, ann: ann!, bob: bob!, live, asked };
  }

  async function settle(world: World): Promise<void> {
    for (let turn = 0; turn < 5; turn++) {
      world.run(10);
      await Promise.resolve();
    }
  }

  function runsOf(live: LiveAuthorship): readonly Run[] | undefined {
    return live.shown?.runs;
  }

  const edit = ({ connection }: Client, ...parts: (number | string)[]) =>
    connection.edit(Operation.of(...parts));

  it('is what the server would tell, and the rest is one’s own', async () => {
    const { world, server, start, ann, bob, live, asked } = table('some text');
    expect(live.shown).toBeNull();
    await settle(world);
    expect(runsOf(live)).toEqual([[9, start]]);
    edit(bob, 4, ' more');
    edit(ann, 'Ann: ');
    expect(runsOf(live)).toEqual([
      [5, UNSAVED],
      [9, start]
    ]);
    expect(live.bylineOf(UNSAVED)?.userId).toBe('user-Ann');
    world.runUntil(() => [ann, bob].every(isSynchronised));
    world.run(5_000);
    expect(runsOf(live)).toEqual(
      told(server, start, 9).runs.map(([length, version]) => [length, version])
    );
    const chance = new Chance(9);
    for (let round = 0; round < 60; round++) {
      const writer = chance.pick([ann, bob]);
      const { length } = writer.connection.document;
      const at = chance.between(0, length);
      edit(writer, at, ...(chance.happens(0.4) ? [-Math.min(2, length - at)] : ['xyz']));
      world.run(chance.between(1, 400));
      expect(live.shown?.length).toBe(ann.connection.document.length);
    }
    world.run(120_000);
    const answer = told(server, start, 9);
    expect(runsOf(live)).toEqual(answer.runs.map(([length, version]) => [length, version]));
    for (const [, version, person] of answer.runs) {
      expect(live.bylineOf(version)?.userId).toBe(answer.people[person]!.userId);
    }
    expect(asked.count).toBe(1);
    expect(live.writers).toEqual(['user-Ann', 'user-Bob']);
    live.dispose();
  });

  it('says that it could not be read, and asks again when it is told to', async () => {
    const { world, live, asked } = table('text');
    asked.isDown = true;
    expect(live.shown).toBeNull();
    await settle(world);
    expect(live.error).not.toBeNull();
    expect(live.shown).toBeNull();
    await settle(world);
    expect(asked.count).toBe(1);
    asked.isDown = false;
    live.retry();
    await settle(world);
    expect(live.error).toBeNull();
    expect(live.shown?.length).toBe(4);
    live.dispose();
  });
});

const NOW = 1_800_000_000;

/** Versions 1 to 9; each person made every third, each version a day after the one before. */
function telling(changes: Partial<Telling> = {}): Telling {
  return {
    mode: 'author',
    now: NOW,
    bylineOf: version => ({
      userId: ['Ada', 'Grace', 'Alan'][version % 3]!,
      time: NOW - (9 - version) * 86_400
    }),
    isTold: () => true,
    colourOf: userId => `colour of ${userId}`,
    patternOf: userId => ['Ada', 'Grace', 'Alan'].indexOf(userId),
    ...changes
  };
}

const ATTRIBUTION = Attribution.of([
  [3, 1],
  [2, 4],
  [5, 2],
  [1, 9],
  [4, 3],
  [2, 8]
]);

describe('the pieces of a text that look alike', () => {
  it('have the colour and the pattern of their author, neighbours of one author together', () => {
    const pieces = piecesOf(ATTRIBUTION, 0, 17, telling());
    expect(pieces.map(({ from, to, colour }) => [from, to, colour])).toEqual([
      [0, 5, 'colour of Grace'],
      [5, 10, 'colour of Alan'],
      [10, 15, 'colour of Ada'],
      [15, 17, 'colour of Alan']
    ]);
    expect(new Set(pieces.map(({ className }) => className)).size).toBe(3);
    expect(piecesOf(ATTRIBUTION, 4, 11, telling()).map(({ from, to }) => [from, to])).toEqual([
      [4, 5],
      [5, 10],
      [10, 11]
    ]);
  });

  it('leave out what is not told of', () => {
    const isTold = (version: number) => version > 7;
    expect(
      piecesOf(ATTRIBUTION, 0, 17, telling({ isTold })).map(({ from, to }) => [from, to])
    ).toEqual([
      [10, 11],
      [15, 17]
    ]);
  });

  it('tell ages apart', () => {
    const pieces = piecesOf(ATTRIBUTION, 0, 17, telling({ mode: 'age' }));
    expect(pieces.map(({ colour }) => colour)).toEqual(pieces.map(() => null));
    expect(pieces[0]!.className).toContain('cm-specAge-3');
    expect(pieces.find(({ from }) => from === 10)!.className).toContain('cm-specAge-0');
    expect(AGES.map((_, age) => ageOf(NOW - (AGES[age - 1] ?? 0), NOW))).toEqual([
      0, 1, 2, 3, 4, 5
    ]);
    expect(ageOf(NOW + 100, NOW)).toBe(0);
  });

  it('are counted over the whole text', () => {
    const shares = finish(sharesOf(ATTRIBUTION, telling()));
    expect(shares.letters).toBe(17);
    expect(shares.people).toEqual([
      ['Alan', 7],
      ['Grace', 5],
      ['Ada', 5]
    ]);
    expect(shares.ages.reduce((sum, letters) => sum + letters, 0)).toBe(17);
    const some = finish(sharesOf(ATTRIBUTION, telling({ isTold: version => version === 9 })));
    expect(some.people).toEqual([['Ada', 1]]);
  });

  it('are counted in steps, however many there are', () => {
    const runs = Array.from({ length: 60_000 }, (_, index): Run => [1, 1 + (index % 9)]);
    const steps = sharesOf(Attribution.of(runs), telling());
    let count = 0;
    while (!steps.next().done) {
      count++;
    }
    expect(count).toBeGreaterThan(8);
  });
});

describe('the looks of people', () => {
  const css = readFileSync('style/authors.css', 'utf8');

  it('differ by the pattern of a line, so that three authors are told apart without any colour', () => {
    const styles = Array.from({ length: PATTERNS }, (_, pattern) => {
      const rule = css.split(`.cm-specAuthor-${pattern} {`)[1]?.split('}')[0] ?? '';
      return /text-decoration-style: (\w+)/.exec(rule)?.[1];
    });
    expect(styles).not.toContain(undefined);
    expect(new Set(styles).size).toBe(PATTERNS);
    const people = Array.from({ length: PATTERNS }, (_, number) => `user ${number}`);
    const looks = people.map(userId =>
      lookOf(telling({ patternOf: id => people.indexOf(id) }), { userId, time: NOW })
    );
    expect(new Set(looks.map(({ className }) => className)).size).toBe(PATTERNS);
  });

  it('differ by how strong the colour is where ages are told', () => {
    const strengths = AGES.map((_, age) =>
      Number(/--speccollab-age: (\d+)%/.exec(css.split(`.cm-specAge-${age} {`)[1] ?? '')?.[1])
    );
    expect(strengths.every((strength, age) => age === 0 || strength < strengths[age - 1]!)).toBe(
      true
    );
  });
});

describe('the choice', () => {
  afterEach(() => localStorage.clear());

  it('is kept for each spec, and is off at first', () => {
    const memory = new TintMemory(localStorage);
    expect(memory.choiceOf('a')).toEqual(OFF);
    const choice: TintChoice = { isOn: true, mode: 'age', since: { kind: 'version', version: 7 } };
    memory.keep('a', choice);
    memory.keep('b', { ...choice, since: { kind: 'visit' } });
    expect(new TintMemory(localStorage).choiceOf('a')).toEqual(choice);
    expect(memory.choiceOf('b').since).toEqual({ kind: 'visit' });
    for (let number = 0; number < 300; number++) {
      memory.keep(`spec ${number}`, choice);
    }
    expect(memory.choiceOf('a')).toEqual(OFF);
    expect(memory.choiceOf('spec 299')).toEqual(choice);
  });

  it('is off where something else was kept', () => {
    for (const kept of ['nonsense', '{}', '[["a", {"isOn": 1}]]', '[["a", {"isOn": true}]]']) {
      localStorage.setItem('jupyter-speccollab:who-wrote-this', kept);
      expect(new TintMemory(localStorage).choiceOf('a')).toEqual(OFF);
    }
  });
});

describe('the sitting of a version', () => {
  /** Sittings of 1 to 4,000 versions each. */
  const sittings: Sitting[] = [];
  const chance = new Chance(4);
  for (let from = 0; sittings.length < 400;) {
    const to = from + (chance.happens(0.1) ? chance.between(1, 4_000) : chance.between(1, 60));
    sittings.push({
      fromVersion: from,
      toVersion: to,
      startedAt: '',
      endedAt: '',
      people: [],
      added: 0,
      removed: 0,
      changesSummary: '',
      revisions: []
    });
    from = to;
  }
  const last = sittings.at(-1)!.toVersion;

  it('is found with few requests, and asked for once', async () => {
    let asked = 0;
    const api = {
      sittings: async (_: string, { before, limit }: SittingQuery = {}) => {
        asked++;
        const earlier = sittings.filter(({ toVersion }) => toVersion < (before ?? Infinity));
        return { sittings: earlier.reverse().slice(0, limit), nextBefore: null };
      }
    };
    for (const version of [1, 2, 500, Math.floor(last / 3), Math.floor(last / 2), last - 1, last]) {
      const lookup = new SittingLookup(api, 'spec');
      asked = 0;
      const found = await lookup.of(version);
      expect(found && found.fromVersion < version && version <= found.toVersion).toBe(true);
      expect(asked).toBeLessThanOrEqual(8);
      const before = asked;
      await lookup.of(version);
      expect(asked).toBe(before);
    }
    expect(await new SittingLookup(api, 'spec').of(last + 1)).toBeNull();
  });
});
