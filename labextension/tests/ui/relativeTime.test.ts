import { describe, expect, it } from 'vitest';

import { relativeTime } from '../../src/ui/relativeTime';

describe('relativeTime', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');

  it.each([
    ['2026-03-10T11:59:30Z', null],
    ['2026-03-10T11:55:00Z', '5 min. ago'],
    ['2026-03-10T09:00:00Z', '3 hr. ago'],
    ['2026-03-09T10:00:00Z', 'yesterday'],
    ['2025-01-01T00:00:00Z', 'last yr.']
  ])('%s is %s', (then, words) => {
    expect(relativeTime(Date.parse(then), now, 'en')).toBe(words);
  });

  it('is null for a time in the future', () => {
    expect(relativeTime(now + 5000, now, 'en')).toBeNull();
  });
});
