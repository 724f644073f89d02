// @vitest-environment node
/** Merges of edits into the server's text, beyond the scripts of `vectors.test.ts`. */
import { describe, expect, it } from 'vitest';

import { adoptedInSteps, stepAfter, unsentOver } from '../../src/sync/recovery';
import { dispatch, edited, type Replica, replicaOf } from '../../src/sync/replica';
import { MERGED, REPLACED } from '../../src/sync/notices';
import { finish, Operation, Text } from '../../src/text';

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

describe('the text that the server sends', () => {
  it.each<[string, Replica, ReturnType<typeof content>, Parameters<typeof stepAfter>[2], string]>([
    ['is ignored at the known version', awaiting, content(5, 'base'), null, 'ignore'],
    ['replaces a text without pending edits', base, content(9, 'other'), null, 'adopt'],
    [
      'is ignored, and the operation in flight resent',
      awaiting,
      content(9, 'other'),
      null,
      'resend'
    ],
    [
      'is ignored until the resent operation is answered',
      awaiting,
      content(9, 'o'),
      { step: 'asking' },
      'ignore'
    ],
    [
      'is adopted after that answer',
      awaiting,
      content(9, 'o'),
      { step: 'fetching', committed: null },
      'adopt'
    ],
    ['is adopted if it has another epoch', awaiting, content(1, 'o', 'other'), null, 'adopt'],
    [
      'is adopted at another epoch without waiting for the answer',
      awaiting,
      content(1, 'o', 'x'),
      { step: 'asking' },
      'adopt'
    ]
  ])('%s', (_, replica, server, recovery, step) => {
    expect(stepAfter(replica, server, recovery)).toBe(step);
  });

  it('is merged with the buffer if no operation is in flight', () => {
    const { replica, notice } = finish(
      adoptedInSteps({ current: buffering, server: content(9, 'a base'), recovery: null })
    );
    expect(replica.text.toString()).toBe('a baseX');
    expect(replica.pending.kind).toBe('buffering');
    expect(notice).toBe(MERGED);
  });

  it.each([
    [true, 'baseX!', 'baseX!'],
    [false, 'baseX!', 'baseXX!'],
    [null, 'baseX', 'baseX'],
    [null, 'base!', 'baseX!']
  ])(
    'contains the operation in flight once after the merge (committed: %s, %s)',
    (committed, theirs, merged) => {
      const server = Text.of(theirs);
      expect(server.apply(finish(unsentOver(awaiting, server, committed))).toString()).toBe(merged);
    }
  );

  it('is merged with the operation in flight at another epoch, even if it was committed before', () => {
    const recovery = { step: 'fetching', committed: true } as const;
    const { replica, notice } = finish(
      adoptedInSteps({ current: awaiting, server: content(1, 'base!', 'other'), recovery })
    );
    expect(replica.text.toString()).toBe('baseX!');
    expect(notice).toBe(REPLACED);
  });
});
