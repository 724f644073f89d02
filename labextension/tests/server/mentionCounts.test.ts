import { expect, it } from 'vitest';

import { MentionCounts } from '../../src/server/mentionCounts';

it('counts of mentions are told where they change', () => {
  const counts = new MentionCounts();
  const told: [string, number][] = [];
  counts.changed.connect((_, { specId, mentions }) => told.push([specId, mentions]));
  const heard = (mentions?: number) => counts.heard([{ specId: 'a', title: 'A', mentions }]);
  heard();
  heard(1);
  heard(1);
  heard(0);
  expect(told).toEqual([
    ['a', 1],
    ['a', 0]
  ]);
});
