// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { Looks, MOMENT } from '../../../src/history/unread/looks';
import { World } from '../../kit/world';

function looksAt(text: { from: number; to: number }[]) {
  const world = new World();
  const seen: number[] = [];
  const state = { isThere: true, shown: text, isWanted: true, backs: 0 };
  let isBack = () => undefined as void;
  const looks = new Looks({
    environment: world.environment,
    activity: {
      get isThere() {
        return state.isThere;
      },
      onBack: callback => {
        isBack = callback;
        return () => undefined;
      }
    },
    isWanted: () => state.isWanted,
    shown: () => state.shown,
    seen: stretches => seen.push(stretches[0].from),
    back: () => state.backs++
  });
  return { world, seen, state, looks, back: () => isBack() };
}

describe('what was on the screen', () => {
  it('is what stayed there for a moment', () => {
    const { world, seen, state, looks } = looksAt([{ from: 0, to: 5 }]);
    looks.start();
    world.run(MOMENT - 1);
    state.shown = [{ from: 7, to: 9 }];
    looks.restart();
    world.run(MOMENT - 1);
    expect(seen).toEqual([]);
    world.run(1);
    expect(seen).toEqual([7]);
  });

  it('is looked at again while something is not seen, and not afterwards', () => {
    const { world, seen, state, looks } = looksAt([{ from: 1, to: 5 }]);
    looks.start();
    world.run(3 * MOMENT);
    expect(seen).toHaveLength(3);
    state.isWanted = false;
    world.run(20 * MOMENT);
    expect(seen).toHaveLength(4);
    looks.dispose();
  });

  it('is nothing while nobody is there, or the spec is hidden; after long a reader is told', () => {
    const { world, seen, state, looks, back } = looksAt([{ from: 1, to: 5 }]);
    state.isThere = false;
    looks.start();
    world.run(100_000);
    expect(seen).toEqual([]);
    state.isThere = true;
    back();
    expect(state.backs).toBe(1);
    world.run(MOMENT);
    expect(seen).toEqual([1]);
    state.shown = [];
    looks.restart();
    world.run(1_000);
    state.shown = [{ from: 2, to: 3 }];
    looks.restart();
    world.run(MOMENT);
    expect([seen, state.backs]).toEqual([[1, 2], 1]);
  });
});
