import { describe, expect, it } from 'vitest';

import { principalOf } from '../../src/server/collaborators';

describe('principalOf', () => {
  it.each([
    ['user', ' grace ', 'user:grace'],
    ['group', 'data science', 'group:data science'],
    ['user', 'group:team', 'group:team'],
    ['group', 'user:grace', 'user:grace'],
    ['user', 'odd:name', 'user:odd:name'],
    ['user', ' ', null],
    ['user', 'group: ', null]
  ] as const)('%s %j means %j', (kind, typed, principal) => {
    expect(principalOf(kind, typed)).toBe(principal);
  });
});
