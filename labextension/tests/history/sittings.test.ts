import { describe, expect, it } from 'vitest';

import { EVERYTHING } from '../../src/history/choice';
import { PATIENCE, QUIET, Sittings } from '../../src/history/sittings';
import type { Sitting, SittingPage, SittingQuery } from '../../src/server/history';
import { World } from '../kit';

function sitting(number: number, changes: Partial<Sitting> = {}): Sitting {
  return {
    fromVersion: 10 * (number - 1),
    toVersion: 10 * number,
    startedAt: '2026-11-29T10:00:00Z',
    endedAt: '2026-11-29T10:20:00Z',
    people: [{ userId: 'ada', userName: 'Ada', operations: 10 }],
    added: 12,
    removed: 3,
    changesSummary: 'changed “Goals”, +1 −0 lines',
    revisions: [],
    ...changes
  };
}

/** A server with these sittings, newest first, that answers at once unless it is held. */
class History {
  readonly asked: SittingQuery[] = [];
  held: (() => void)[] | null = null;
  failure: Error | null = null;

  constructor(public all: readonly Sitting[]) {}

  async sittings(_: string, query: SittingQuery = {}, signal?: AbortSignal): Promise<SittingPage> {
    this.asked.push(query);
    const { before, limit = 20, user } = query;
    if (this.held) {
      await new Promise<void>(resolve => this.held!.push(resolve));
    }
    signal?.throwIfAborted();
    if (this.failure) {
      throw this.failure;
    }
    const chosen = this.all.filter(
      ({ toVersion, people }) =>
        (before === null || before === undefined || toVersion < before) &&
        (!user || people.some(({ userId }) => userId === user))
    );
    const sittings = chosen.slice(0, limit);
    const last = sittings.at(-1);
    const nextBefore = chosen.length > limit && last ? last.fromVersion + 1 : null;
    return { sittings, nextBefore };
  }
}

function many(count: number): Sitting[] {
  return Array.from({ length: count }, (_, index) => sitting(count - index));
}

function shownBy({ state }: Sittings): number[] {
  return state.shown.map(({ toVersion }) => toVersion);
}

describe('the sittings of a spec', () => {
  it('are loaded page by page, each version once', async () => {
    const history = new History(many(45));
    const sittings = new Sittings(history, 'spec', new World().environment);
    await sittings.reload();
    expect(shownBy(sittings)).toHaveLength(20);
    await sittings.more();
    await sittings.more();
    expect(sittings.state.hasMore).toBe(false);
    expect(shownBy(sittings)).toEqual(many(45).map(({ toVersion }) => toVersion));
    await sittings.more();
    expect(history.asked).toHaveLength(3);
  });

  it('grow with what is written, and only the newest are asked for', async () => {
    const world = new World();
    const history = new History(many(30));
    const sittings = new Sittings(history, 'spec', world.environment);
    await sittings.reload();
    const before = sittings.state.shown;
    history.all = [sitting(30, { toVersion: 304, added: 40 }), ...many(30).slice(1)];
    for (let edits = 0; edits < 5; edits++) {
      sittings.edit();
      world.run(100);
    }
    world.run(QUIET);
    await flush();
    expect(history.asked).toHaveLength(2);
    expect(history.asked[1]!.limit).toBeLessThan(10);
    expect(sittings.state.shown[0]).toMatchObject({ toVersion: 304, added: 40 });
    expect(sittings.state.shown).toHaveLength(20);
    // A row whose sitting is the same object is not drawn again.
    expect(sittings.state.shown[1]).toBe(before[1]);
  });

  it('are asked for while people type without a pause, but seldom', async () => {
    const world = new World();
    const history = new History(many(3));
    const sittings = new Sittings(history, 'spec', world.environment);
    await sittings.reload();
    for (let time = 0; time < 60_000; time += 200) {
      sittings.edit();
      world.run(200);
      await flush();
    }
    const requests = history.asked.length - 1;
    expect(requests).toBeGreaterThan(0);
    expect(requests).toBeLessThanOrEqual(60_000 / PATIENCE + 1);
  });

  it('are loaded anew where so many are new that some are missing in between', async () => {
    const history = new History(many(3));
    const sittings = new Sittings(history, 'spec', new World().environment);
    await sittings.reload();
    history.all = many(40);
    await sittings.renew();
    expect(shownBy(sittings)).toEqual(
      many(40)
        .slice(0, 20)
        .map(({ toVersion }) => toVersion)
    );
  });

  it('drop an answer to an earlier choice', async () => {
    const history = new History([
      sitting(2, { people: [{ userId: 'grace', userName: 'Grace', operations: 1 }] }),
      sitting(1)
    ]);
    const sittings = new Sittings(history, 'spec', new World().environment);
    history.held = [];
    const all = sittings.reload();
    const one = sittings.choose({ ...EVERYTHING, user: 'ada' });
    history.held.reverse().forEach(answer => answer());
    await Promise.all([all, one]);
    expect(shownBy(sittings)).toEqual([10]);
  });

  it('are searched in labels, summaries and names, further back too', async () => {
    const labelled = sitting(1, {
      revisions: [{ version: 10, label: 'Sent for review', kind: 'labelled' }]
    });
    const history = new History([...many(130).slice(0, 129), labelled]);
    const sittings = new Sittings(history, 'spec', new World().environment);
    await sittings.reload();
    await sittings.choose({ ...EVERYTHING, search: 'REVIEW sent' });
    expect(shownBy(sittings)).toEqual([10]);
    await sittings.choose({ ...EVERYTHING, labelsOnly: true });
    expect(shownBy(sittings)).toEqual([10]);
    await sittings.choose({ ...EVERYTHING, search: 'goals ada' });
    expect(shownBy(sittings)).toHaveLength(130);
  });

  it('stay as they are when the server fails, and say so', async () => {
    const history = new History(many(30));
    const sittings = new Sittings(history, 'spec', new World().environment);
    await sittings.reload();
    history.failure = new Error('broken');
    await sittings.more();
    expect(sittings.state.error?.message).toBe('broken');
    expect(shownBy(sittings)).toHaveLength(20);
    history.failure = null;
    await sittings.more();
    expect(sittings.state.error).toBeNull();
    expect(shownBy(sittings)).toHaveLength(30);
  });

  it('hide a label that is about to be taken away, until it is kept', async () => {
    const revisions = [{ version: 10, label: 'v1', kind: 'labelled' }] as const;
    const history = new History([sitting(1, { revisions })]);
    const sittings = new Sittings(history, 'spec', new World().environment);
    await sittings.reload();
    const label = () => sittings.state.shown[0]!.revisions[0]!.label;
    sittings.hideLabel(10, true);
    await sittings.renew();
    expect(label()).toBeNull();
    sittings.hideLabel(10, false);
    await flush();
    expect(label()).toBe('v1');
  });
});

async function flush(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await Promise.resolve();
  }
}
