import { expect, it, vi } from 'vitest';

import type { SpecAccess } from '../../src/server/collaborators';
import { KnownPeople } from '../../src/threads/knownPeople';
import { MemoryThreads } from './memoryThreads';
import { shown } from './threads';

const ACCESS: SpecAccess = {
  collaborators: [
    { principal: 'user:ada', userId: 'u-ada', userName: 'Ada', role: 'owner' },
    { principal: 'user:new', userName: '', role: 'viewer' },
    { principal: 'group:team', userName: '', role: 'viewer' }
  ],
  defaultRole: 'none',
  me: { userId: 'u-ada', role: 'owner' }
};

it('the people of a spec are those in its list, those who are there, and those who wrote', async () => {
  let now = 0;
  const access = vi.fn(async () => ACCESS);
  const people = new KnownPeople({
    clock: { now: () => now },
    threads: new MemoryThreads([shown('t')]),
    present: () => [
      { userId: 'u-ada', userName: 'Ada Lovelace' },
      { userId: 'u-bob', userName: 'Bob' }
    ],
    access,
    failed: () => undefined
  });
  const changed = vi.fn();
  people.changed.add(changed);
  expect(people.all.map(({ userName }) => userName)).toEqual(['Ada Lovelace', 'Bob', 'Ada']);
  expect(changed).not.toHaveBeenCalled();
  await Promise.resolve();
  expect(changed).toHaveBeenCalledOnce();
  expect(people.all).toEqual([
    { userId: 'u-ada', userName: 'Ada Lovelace', login: 'ada' },
    { userId: 'u-bob', userName: 'Bob', login: '' },
    { userId: '', userName: 'new', login: 'new' },
    { userId: 'ada', userName: 'Ada', login: '' }
  ]);
  expect(access).toHaveBeenCalledOnce();
  now = 61_000;
  expect(people.all).toHaveLength(4);
  expect(access).toHaveBeenCalledTimes(2);
  await Promise.resolve();
  expect(changed).toHaveBeenCalledOnce(); // the same ones again
});
