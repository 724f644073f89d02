import { describe, expect, it } from 'vitest';

import { initialsOf } from '../../src/editor/initials';

describe('initialsOf', () => {
  it.each([
    ['Ada Lovelace', 'AL'],
    ['ada.king@example.org', 'AO'],
    ['élodie', 'É'],
    ['山田 太郎', '山太'],
    ['Ann Example Third', 'AT'],
    ['zoë', 'Z'],
    ['𝒜nn', '𝒜'],
    ['  ', '?'],
    ['', '?'],
    ['—', '?']
  ])('%j has %j', (name, letters) => {
    expect(initialsOf(name)).toBe(letters);
  });
});
