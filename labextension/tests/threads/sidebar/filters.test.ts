import { describe, expect, it } from 'vitest';

import {
  countsOf,
  filtered,
  filterFor,
  FILTERS,
  neighbour,
  suggesters
} from '../../../src/threads/sidebar/filters';
import { message, shown } from '../threads';

const reply = (userId: string, mentions: string[] = []) => message('Yes', { userId, mentions });
const ALL = [
  shown('open'),
  shown('mine', { createdBy: 'me' }),
  shown('answered', { messages: [message('Why?'), reply('me')] }),
  shown('mentioned', { messages: [message('@me?', { mentions: ['me'] })] }),
  shown('gone', {}, { isOrphaned: true }),
  shown('resolved', { state: 'resolved', resolvedAt: '2026-01-06T10:00:00Z' }),
  shown('accepted', {
    kind: 'suggestion',
    state: 'accepted',
    resolvedAt: '2026-01-07T10:00:00Z'
  })
];
const ids = (filter: (typeof FILTERS)[number]) =>
  filtered(ALL, filter, 'me').map(({ thread }) => thread.threadId);

describe('the filters of threads', () => {
  it('leave what they say, and count it', () => {
    expect(ids('open')).toEqual(['open', 'mine', 'answered', 'mentioned', 'gone']);
    expect(ids('mine')).toEqual(['mine', 'answered']);
    expect(ids('mentions')).toEqual(['mentioned']);
    expect(ids('resolved')).toEqual(['accepted', 'resolved']);
    expect(ids('gone')).toEqual(['gone']);
    const counts = countsOf(ALL, 'me');
    expect(FILTERS.map(filter => counts[filter])).toEqual([5, 2, 1, 2, 1]);
  });

  it('give way to one that has the thread that is wanted', () => {
    expect(filterFor(ALL[0]!, 'open', 'me')).toBe('open');
    expect(filterFor(ALL[0]!, 'mine', 'me')).toBe('open');
    expect(filterFor(ALL[5]!, 'open', 'me')).toBe('resolved');
  });
});

it('the way from one open thread to the next goes round', () => {
  const from = (selected: string | null, direction: 1 | -1) =>
    neighbour(ALL, selected, direction)?.thread.threadId;
  expect([from(null, 1), from('open', 1), from('gone', 1)]).toEqual(['open', 'mine', 'open']);
  expect([from(null, -1), from('open', -1), from('mine', -1)]).toEqual(['gone', 'gone', 'open']);
  expect(neighbour([], null, 1)).toBeNull();
});

it('whoever suggests most comes first', () => {
  const by = (createdBy: string, id: string) =>
    shown(id, { kind: 'suggestion', createdBy, createdByName: createdBy.toUpperCase() });
  expect(suggesters([by('a', '1'), by('b', '2'), by('b', '3'), ALL[6]!, ALL[0]!])).toEqual([
    { userId: 'b', userName: 'B', count: 2 },
    { userId: 'a', userName: 'A', count: 1 }
  ]);
});
