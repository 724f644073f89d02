// @vitest-environment node
/** Calls outlive their page, and belong to one page at a time. */
import { describe, expect, it } from 'vitest';

import type { ThreadCall } from '../../src/threads/calls';
import { type KeptCall, KeptCalls } from '../../src/threads/keptCalls';
import { World } from '../kit';
import { MemoryClaims, MemoryStorage } from './memoryBrowser';

function kept(callId: string, at: number): KeptCall {
  const call: ThreadCall = { kind: 'remove', callId, threadId: 't', at };
  return { call, wasSent: false, refusal: null };
}

function browser() {
  const storage = new MemoryStorage();
  const claims = new MemoryClaims();
  const { environment } = new World();
  const open = (origin = 'spec') => {
    const page = claims.page();
    const calls = new KeptCalls(storage, page.claims, environment, origin);
    const found: string[] = [];
    const adopt = () => {
      calls.adopt(left => found.push(...left.map(({ call }) => call.callId)));
      return found;
    };
    return { calls, adopt, end: () => page.end() };
  };
  return { storage, open };
}

describe('kept calls', () => {
  it('are taken over in order, once, after their page is gone', () => {
    const { storage, open } = browser();
    const first = open();
    first.calls.put(kept('late', 2));
    first.calls.put(kept('early', 1));
    const [second, third] = [open(), open()];
    expect(second.adopt()).toEqual([]);
    first.end();
    expect(second.adopt()).toEqual(['early', 'late']);
    expect(third.adopt()).toEqual([]);
    expect(storage.length).toBe(2);
    second.calls.remove('early');
    second.end();
    expect(third.adopt()).toEqual(['late']);
  });

  it('are taken over from a spec that was closed', () => {
    const { open } = browser();
    const first = open();
    first.calls.put(kept('a', 1));
    first.calls.close();
    first.calls.remove('a'); // an answer that comes too late
    expect(open().adopt()).toEqual(['a']);
  });

  it('of another spec or user stay where they are', () => {
    const { open } = browser();
    const first = open('one');
    first.calls.put(kept('a', 1));
    first.end();
    expect(open('one and more').adopt()).toEqual([]);
    expect(open('two').adopt()).toEqual([]);
    expect(open('one').adopt()).toEqual(['a']);
  });

  it('that can’t be read are forgotten', () => {
    const { storage, open } = browser();
    const first = open();
    first.calls.put(kept('a', 1));
    for (const key of storage.items.keys()) {
      storage.items.set(key, '{"call": 7}');
    }
    first.end();
    expect(open().adopt()).toEqual([]);
    expect(storage.length).toBe(0);
  });

  it('are not kept where the browser has no room', () => {
    const { storage, open } = browser();
    storage.isFull = true;
    expect(() => open().calls.put(kept('a', 1))).not.toThrow();
  });
});
