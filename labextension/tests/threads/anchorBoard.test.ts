// @vitest-environment node
/** Where threads are: what the server has at the same version, in whatever order it told of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { WireAnchor } from '../../src/server/threads';
import {
  acknowledged,
  dispatch,
  edited,
  receive,
  type Replica,
  replicaOf
} from '../../src/sync/replica';
import { type Anchor, Gaps, Operation, shownAnchors, Text, toWire } from '../../src/text';
import { AnchorBoard } from '../../src/threads/anchorBoard';
import { content, operationOn } from '../kit/arbitraries';

/** What the server has: the text and the anchors at each version. */
class Log {
  text: Text;
  version = 1;
  private readonly anchors = new Map<string, { anchor: Anchor; quote: string; at: WireAnchor[] }>();

  constructor(text: string) {
    this.text = Text.of(text);
  }

  add(threadId: string, start: number, end: number): void {
    const [quote, anchor] = [this.text.slice(start, end), { start, end, letters: null }];
    this.anchors.set(threadId, { anchor, quote, at: [this.told(anchor)] });
  }

  commit(operation: Operation): number {
    const before = this.text;
    this.text = before.apply(operation);
    this.version += 1;
    for (const kept of this.anchors.values()) {
      kept.anchor = new Gaps({ operation, before }).moved(kept.anchor, kept.quote);
      kept.at.push(this.told(kept.anchor));
    }
    return this.version;
  }

  get ids(): string[] {
    return [...this.anchors.keys()];
  }

  of(threadId: string) {
    return this.anchors.get(threadId)!;
  }

  private told({ start, end, letters }: Anchor): WireAnchor {
    return { start, end, letters, orphaned: letters !== null, version: this.version };
  }
}

function remote(version: number, operation: Operation) {
  return {
    operationId: `theirs-${version}`,
    userId: 'bob',
    userName: 'Bob',
    sessionId: 's',
    version,
    operations: toWire(operation),
    timestamp: '2026-01-01T00:00:00Z'
  };
}

const MOVES = ['edit', 'send', 'remote', 'late', 'arrive', 'ack', 'thread', 'tell', 'look'];

describe('the places of threads', () => {
  it('are those that the server has, moved over what is not acknowledged', () => {
    const moves = fc.array(fc.constantFrom(...MOVES), { maxLength: 40 });
    fc.assert(
      fc.property(content, moves, fc.gen(), (start, steps, gen) => {
        const log = new Log(start);
        const board = new AnchorBoard();
        let replica: Replica = replicaOf('epoch', 1, start);
        /** Operations of others that have not arrived yet. */
        const onTheWay: ReturnType<typeof remote>[] = [];
        const told = new Set<string>();
        const arrive = () => {
          for (const entry of onTheWay.splice(0)) {
            replica = receive(replica, entry).replica;
          }
        };
        const tell = (threadId: string, at: number) => {
          const { quote, at: all } = log.of(threadId);
          board.take(threadId, all.at(-1 - Math.min(at, all.length - 1))!, quote, replica);
          told.add(threadId);
        };
        for (const move of steps) {
          const { text, pending } = replica;
          if (move === 'edit') {
            replica = edited(replica, gen(operationOn, text.length));
          } else if (move === 'send' && !pending.outstanding) {
            const how = { operationId: 'mine', limit: 10_000, cursor: () => undefined };
            replica = dispatch(replica, how);
          } else if (move === 'remote' || move === 'late') {
            const operation = gen(operationOn, log.text.length);
            onTheWay.push(remote(log.commit(operation), operation));
            if (move === 'remote') {
              arrive();
            }
          } else if (move === 'arrive') {
            arrive();
          } else if (move === 'ack' && pending.outstanding) {
            arrive();
            const { outstanding } = replica.pending;
            replica = acknowledged(replica, log.commit(outstanding!.operation)).replica;
          } else if (move === 'thread') {
            const ends = [0, 1].map(() => gen(fc.nat, { max: log.text.length }));
            log.add(`t${log.ids.length}`, Math.min(...ends), Math.max(...ends));
          } else if (move === 'tell' && log.ids.length > 0) {
            tell(gen(fc.constantFrom, ...log.ids), gen(fc.nat, { max: 5 }));
          } else if (move === 'look') {
            board.shown(replica);
          }
        }
        arrive();
        const { outstanding, buffer } = replica.pending;
        const operations = [outstanding, buffer].flatMap(edit => (edit ? edit.operation : []));
        const shown = board.shown(replica);
        for (const threadId of told) {
          const { anchor, quote } = log.of(threadId);
          const [expected] = shownAnchors([[anchor, quote]], replica.committed, operations);
          expect(shown.get(threadId)).toEqual(expected);
        }
        expect(board.missing.size).toBe(0);
      }),
      { numRuns: 200 }
    );
  });

  it('are missing where the text came as a whole, until the server tells of them again', () => {
    const board = new AnchorBoard();
    const replica = replicaOf('epoch', 1, 'The fox');
    const anchor = { start: 4, end: 7, version: 1, orphaned: false };
    board.take('a', anchor, 'fox', replica);
    const later = replicaOf('epoch', 9, 'A red fox');
    expect([...board.shown(later)]).toEqual([]);
    expect([...board.missing]).toEqual(['a']);
    board.take('a', { start: 6, end: 9, version: 9, orphaned: false }, 'fox', later);
    expect(board.shown(later).get('a')).toEqual({ start: 6, end: 9, letters: null });
    expect(board.missing.size).toBe(0);
  });

  it('that the server told too early wait for the version', () => {
    const board = new AnchorBoard();
    const replica = replicaOf('epoch', 1, 'fox');
    board.take('a', { start: 4, end: 7, version: 2, orphaned: false }, 'fox', replica);
    expect(board.shown(replica).size).toBe(0);
    const next = receive(replica, remote(2, Operation.of('The '))).replica;
    expect(board.shown(next).get('a')).toEqual({ start: 4, end: 7, letters: null });
  });
});
