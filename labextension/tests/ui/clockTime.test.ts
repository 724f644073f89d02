import { describe, expect, it } from 'vitest';

import { clockTime } from '../../src/ui/clockTime';

describe('clockTime', () => {
  const then = new Date(2026, 0, 5, 14, 2).getTime();

  it('is the time of day, with the weekday where it may be another day', () => {
    expect(clockTime(then, then + 60_000, 'en-GB')).toBe('14:02');
    expect(clockTime(then, then + 86_400_000, 'en-GB')).toMatch(/^Mon.*14:02$/);
  });
});
