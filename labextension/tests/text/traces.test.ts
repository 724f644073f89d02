// @vitest-environment node
import { describe, expect, test } from 'vitest';

import { readTrace, replay, replayConcurrent, type ConcurrentTrace, type Trace } from './traces';
import { SHARED_DATA } from './vectors';

describe.skipIf(!SHARED_DATA)(
  '[shared data] recorded editing sessions end in their recorded text',
  () => {
    test.each(['automerge-paper', 'sveltecomponent'])('one user: %s', name => {
      const trace = readTrace<Trace>(SHARED_DATA, name);
      expect(replay(trace).toString() === trace.endContent).toBe(true);
    });

    test('two users at once', () => {
      const trace = readTrace<ConcurrentTrace>(SHARED_DATA, 'friendsforever');
      const { text, moved } = replayConcurrent(trace);
      expect(text.toString() === trace.endContent).toBe(true);
      expect(moved).toBeGreaterThan(5000);
    });
  }
);
