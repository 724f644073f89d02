// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { PAUSE, PAUSE_AFTER_FAILURE, ReadMark } from '../../../src/history/unread/readMark';
import { World } from '../../kit/world';

function markOver(present: number | null, refuses = false) {
  const world = new World();
  const sent: number[] = [];
  const state = { refuses, isWell: true, present: present ?? 0 };
  const mark = new ReadMark({
    clock: world.environment,
    present,
    canSend: () => state.isWell,
    send: version => {
      sent.push(version);
      if (state.refuses) {
        return Promise.reject(new Error('away'));
      }
      state.present = Math.max(state.present, version);
      return Promise.resolve(state.present);
    }
  });
  return { world, sent, state, mark };
}

async function answered(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve));
}

describe('the read mark', () => {
  it('is sent at once, then at most once in a while, the newest alone', async () => {
    const { world, sent, mark } = markOver(null);
    mark.raise(3);
    mark.raise(4);
    await answered();
    for (let version = 5; version < 100; version++) {
      mark.raise(version);
    }
    expect(sent).toEqual([3]);
    world.run(PAUSE);
    await answered();
    expect(sent).toEqual([3, 99]);
    world.run(10 * PAUSE);
    expect(sent).toEqual([3, 99]);
  });

  it('only rises', async () => {
    const { world, sent, state, mark } = markOver(7);
    mark.raise(7);
    mark.raise(2);
    expect(sent).toEqual([]);
    state.present = 20;
    mark.raise(8);
    await answered();
    expect(mark.version).toBe(20);
    mark.raise(15);
    world.run(PAUSE);
    expect(sent).toEqual([8]);
  });

  it('is sent when the reader leaves, and not afterwards', async () => {
    const { world, sent, mark } = markOver(1);
    mark.raise(2);
    await answered();
    mark.raise(3);
    mark.flush(9);
    mark.dispose();
    mark.raise(10);
    await answered();
    world.run(10 * PAUSE);
    expect(sent).toEqual([2, 9]);
  });

  it('waits until the server can be reached, and is not sent where it can not be when the reader leaves', async () => {
    const { world, sent, state, mark } = markOver(1);
    state.isWell = false;
    mark.raise(2);
    world.run(PAUSE);
    expect(sent).toEqual([]);
    state.isWell = true;
    world.run(PAUSE);
    await answered();
    expect(sent).toEqual([2]);
    state.isWell = false;
    mark.flush(3);
    mark.dispose();
    world.run(10 * PAUSE);
    expect(sent).toEqual([2]);
  });

  it('is sent again later where the server did not take it', async () => {
    const { world, sent, state, mark } = markOver(1, true);
    mark.raise(2);
    await answered();
    mark.raise(3);
    world.run(PAUSE_AFTER_FAILURE - 1);
    expect(sent).toEqual([2]);
    state.refuses = false;
    world.run(1);
    expect(sent).toEqual([2, 3]);
  });
});
