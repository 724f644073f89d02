import { describe, expect, it } from 'vitest';

import { allows } from '../../src/server/entry';
import { initialsOf } from '../../src/ui/initials';
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

  it('takes a clock that is ahead for none', () => {
    expect(relativeTime(now + 5000, now, 'en')).toBeNull();
  });
});

describe('initialsOf', () => {
  it.each([
    ['Ada Lovelace', 'AL'],
    ['ada.king@example.org', 'AO'],
    ['élodie', 'É'],
    ['山田 太郎', '山太'],
    ['', '?'],
    ['—', '?']
  ])('%j has %j', (name, letters) => {
    expect(initialsOf(name)).toBe(letters);
  });
});

describe('allows', () => {
  it('includes each role in the ones above it', () => {
    expect(allows('owner', 'contributor')).toBe(true);
    expect(allows('viewer', 'contributor')).toBe(false);
    expect(allows('none', 'viewer')).toBe(false);
  });
});
