// @vitest-environment node
/** What the scripts of `vectors.test.ts` do not show of bringing edits and the server's text together. */
import { describe, expect, it } from 'vitest';

import { adopted, stepAfter, unsentOver } from '../../src/sync/recovery';
import { dispatch, edited, type Replica, replicaOf } from '../../src/sync/replica';
import { MERGED, REPLACED } from '../../src/sync/notices';
import { Operation, Text } from '../../src/text';

const base = replicaOf('epoch', 5, 'base');
const buffering = edited(base, Operation.of(4, 'X'));
const awaiting = dispatch(buffering, {
  operationId: 'mine',
  limit: 10_000,
  cursor: () => undefined
});

function content(version: number, text: string, epoch = 'epoch') {
  return { epoch, version, content: text };
}

describe('the server’s text', () => {
  it.each<[string, Replica, ReturnType<typeof content>, Parameters<typeof stepAfter>[2], string]>([
    ['of the known version holds nothing new', awaiting, content(5, 'base'), null, 'ignore'],
    ['replaces one without edits', base, content(9, 'other'), null, 'adopt'],
    ['waits for the operation in flight', awaiting, content(9, 'other'), null, 'resend'],
    ['does not precede its answer', awaiting, content(9, 'o'), { step: 'asking' }, 'ignore'],
    [
      'is taken after it',
      awaiting,
      content(9, 'o'),
      { step: 'fetching', committed: null },
      'adopt'
    ],
    ['of another history replaces any', awaiting, content(1, 'o', 'other'), null, 'adopt'],
    ['of another needs no answer', awaiting, content(1, 'o', 'x'), { step: 'asking' }, 'adopt']
  ])('%s', (_, replica, server, recovery, step) => {
    expect(stepAfter(replica, server, recovery)).toBe(step);
  });

  it('without a recovery does not hold an operation in flight, since there is none', () => {
    const { replica, notice } = adopted(buffering, content(9, 'a base'), null);
    expect(replica.text.toString()).toBe('a baseX');
    expect(replica.pending.kind).toBe('buffering');
    expect(notice).toBe(MERGED);
  });

  it.each([
    [true, 'baseX!', 'baseX!'],
    [false, 'baseX!', 'baseXX!'],
    [null, 'baseX', 'baseX'],
    [null, 'base!', 'baseX!']
  ])('gets the operation in flight once (committed: %s, %s)', (committed, theirs, merged) => {
    const server = Text.of(theirs);
    expect(server.apply(unsentOver(awaiting, server, committed)).toString()).toBe(merged);
  });

  it('of another history tells nothing by an answer about the old one', () => {
    const recovery = { step: 'fetching', committed: true } as const;
    const { replica, notice } = adopted(awaiting, content(1, 'base!', 'other'), recovery);
    expect(replica.text.toString()).toBe('baseX!');
    expect(notice).toBe(REPLACED);
  });
});
