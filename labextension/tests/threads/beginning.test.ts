// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { Beginning, quotedAt } from '../../src/threads/beginning';
import type { OpenCall } from '../../src/threads/calls';
import { Operation, Text } from '../../src/text';

/** A suggestion for the letters between two places of a text. */
function suggestion(text: Text, start: number, end: number, replacement: string): OpenCall {
  return {
    kind: 'suggestion',
    callId: 'call',
    threadId: 'thread',
    at: 0,
    range: { start, end },
    place: null,
    ...quotedAt({ start, end }, text),
    body: '',
    replacement
  };
}

describe('a new suggestion that the server can’t have yet', () => {
  it('has what others write in its passage until then', () => {
    const before = Text.of('nobody is called twice in a month.');
    const moved: OpenCall[] = [];
    const beginning = new Beginning({
      connection: { document: before, replica: null },
      moved: call => moved.push(call),
      placed: () => undefined,
      gone: () => undefined
    });
    beginning.add(suggestion(before, 10, 33, 'phoned twice in a quarter'));
    const operation = Operation.of('So: ', 22, ' EXTRA', 12);
    const after = before.apply(operation);
    beginning.changed({ operation, before, after } as Parameters<typeof beginning.changed>[0]);
    expect(moved.map(({ range, quote, replacement }) => [range, quote, replacement])).toEqual([
      [{ start: 14, end: 43 }, 'called twice EXTRA in a month', 'phoned twice EXTRA in a quarter']
    ]);
  });
});
