// @vitest-environment node
/** What the server told of threads, in whatever order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Thread, ThreadsChanged } from '../../src/server/threads';
import { ThreadSet } from '../../src/threads/threadSet';

const IDS = ['a', 'b', 'c', 'd'];

function thread(threadId: string, changed: number): Thread {
  return { threadId, changed, state: 'open' } as Thread;
}

/** The events of changes, and the threads after each of them: a deleted id is not given again. */
function historyOf(moves: readonly (readonly [id: string, isDeleted: boolean])[]) {
  const events: ThreadsChanged[] = [];
  const after: ReadonlyMap<string, Thread>[] = [new Map()];
  const gone = new Set<string>();
  for (const [id, isDeleted] of moves) {
    const threads = new Map(after.at(-1));
    if (gone.has(id) || (isDeleted && !threads.has(id))) {
      continue;
    }
    const threadsVersion = events.length + 1;
    const changed = thread(id, threadsVersion);
    if (isDeleted) {
      threads.delete(id);
      gone.add(id);
    } else {
      threads.set(id, changed);
    }
    events.push({
      threadsVersion,
      version: 0,
      threads: isDeleted ? [] : [changed],
      deleted: isDeleted ? [id] : []
    });
    after.push(threads);
  }
  return { events, after };
}

const moves = fc.array(fc.tuple(fc.constantFrom(...IDS), fc.boolean()), { maxLength: 12 });

describe('threads that are told of', () => {
  it('are the same in whatever order, and however often, the server tells of them', () => {
    fc.assert(
      fc.property(moves, fc.boolean(), fc.gen(), (made, isWhole, gen) => {
        const { events, after } = historyOf(made);
        const answered = gen(fc.nat, { max: events.length });
        const answer = () => {
          const threads = [...after[answered].values()];
          const deleted = events.slice(0, answered).flatMap(event => event.deleted);
          if (isWhole) {
            set.takeOpen(threads, answered);
          } else {
            set.takeChanges(threads, deleted, answered);
          }
        };
        const steps = [...events.map(event => () => set.change(event)), answer];
        const twice = gen(fc.subarray<() => unknown>, steps);
        const order = [...steps, ...twice];
        const shuffled = gen(fc.shuffledSubarray<() => unknown>, order, {
          minLength: order.length
        });
        const set = new ThreadSet();
        shuffled.forEach(step => step());
        expect(new Map(set.threads)).toEqual(after.at(-1));
        expect(set.version).toBe(events.length);
        expect(set.isBehind).toBe(false);
      })
    );
  });

  it('are behind while a change is missing, and know from where to ask', () => {
    const { events } = historyOf([
      ['a', false],
      ['b', false],
      ['c', false]
    ]);
    const set = new ThreadSet();
    set.takeOpen([], 0);
    set.change(events[0]);
    set.change(events[2]);
    expect([set.version, set.isBehind]).toEqual([1, true]);
    set.change(events[1]);
    expect([set.version, set.isBehind]).toEqual([3, false]);
    set.hear(5);
    expect(set.isBehind).toBe(true);
  });

  it('are behind after an event that holds nothing', () => {
    const set = new ThreadSet();
    set.takeOpen([], 0);
    set.change({ threadsVersion: 1, version: 0, threads: [], deleted: [] });
    expect(set.isBehind).toBe(true);
    set.takeChanges([], [], 1);
    expect(set.isBehind).toBe(false);
  });

  it('that an answer does not name any more are closed or gone, and do not come back', () => {
    const set = new ThreadSet();
    set.take([thread('a', 1), thread('b', 3)]);
    expect(set.takeOpen([], 2).gone).toEqual(['a']);
    set.take([thread('a', 1)]);
    expect([...set.threads.keys()]).toEqual(['b']);
    set.take([{ ...thread('a', 2), state: 'resolved' }]);
    expect([...set.threads.keys()]).toEqual(['b', 'a']);
  });

  it('that are gone do not come back with a late answer', () => {
    const { events } = historyOf([
      ['a', false],
      ['a', true]
    ]);
    const set = new ThreadSet();
    events.forEach(event => set.change(event));
    set.take([thread('a', 1)]);
    expect(set.threads.size).toBe(0);
  });
});
