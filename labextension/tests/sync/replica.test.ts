// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  acknowledged,
  dispatch,
  edited,
  receive,
  type Received,
  type Replica,
  replicaOf,
  unsentOperation,
  withdraw,
  withOutstanding,
  withoutEdits
} from '../../src/sync/replica';
import { Operation, toWire } from '../../src/text';
import { content, operationOn } from '../kit/arbitraries';

function sent(replica: Replica, operationId = 'mine', limit = 10_000): Replica {
  const isFree = replica.pending.outstanding === null;
  return isFree ? dispatch(replica, { operationId, limit, cursor: () => undefined }) : replica;
}

function remote(version: number, operation: Operation, operationId = `theirs-${version}`) {
  return {
    operationId,
    userId: 'user-Bob',
    userName: 'Bob',
    sessionId: 'session',
    version,
    operations: toWire(operation),
    timestamp: '2026-01-01T00:00:00Z'
  };
}

/** The committed text with all pending edits. */
function derived(replica: Replica): string {
  const unsent = unsentOperation(replica);
  return (unsent ? replica.committed.apply(unsent) : replica.committed).toString();
}

const MOVES = ['edit', 'send', 'sendPart', 'remote', 'own', 'ack', 'skewed', 'withdraw', 'drop'];

function moved(replica: Replica, move: string, gen: fc.GeneratorValue): Replica {
  const { version, text, committed, pending } = replica;
  switch (move) {
    case 'edit':
      return edited(replica, gen(operationOn, text.length));
    case 'send':
      return sent(replica);
    case 'sendPart':
      return sent(replica, 'mine', 150);
    case 'remote':
      return receive(replica, remote(version + 1, gen(operationOn, committed.length))).replica;
    case 'own':
      return pending.outstanding
        ? receive(replica, remote(version + 1, pending.outstanding.operation, 'mine')).replica
        : replica;
    case 'ack':
      return acknowledged(replica, version + 1).replica;
    case 'skewed':
      return acknowledged(replica, version + gen(() => fc.constantFrom(0, 2))).replica;
    case 'withdraw':
      return withdraw(replica);
    default:
      return withoutEdits(replica).replica;
  }
}

describe('a replica', () => {
  it('shows the committed text with all pending edits after every transition', () => {
    const steps = fc.array(fc.constantFrom(...MOVES), { maxLength: 25 });
    fc.assert(
      fc.property(content, steps, fc.gen(), (start, moves, gen) => {
        let replica = replicaOf('epoch', 1, start);
        for (const move of moves) {
          replica = moved(replica, move, gen);
          expect(replica.text.toString()).toBe(derived(replica));
        }
      }),
      { numRuns: 500 }
    );
  });

  const typed = sent(edited(replicaOf('epoch', 5, 'base'), Operation.of(4, 'X')));

  it.each<[Received['outcome'], () => Received]>([
    ['applied', () => receive(typed, remote(6, Operation.of('A')))],
    ['acknowledged', () => receive(typed, remote(6, Operation.of(4, 'X'), 'mine'))],
    ['acknowledged', () => acknowledged(typed, 6)],
    ['known', () => receive(typed, remote(5, Operation.of('A')))],
    ['known', () => acknowledged(replicaOf('epoch', 5, 'base'), 6)],
    ['gap', () => receive(typed, remote(7, Operation.of('A')))],
    ['gap', () => acknowledged(typed, 7)],
    ['contradiction', () => acknowledged(typed, 5)]
  ])('takes a committed operation as %s', (outcome, receiving) => {
    const received = receiving();
    expect(received.outcome).toBe(outcome);
    const changes = outcome === 'applied' || outcome === 'acknowledged';
    expect(received.replica.version).toBe(changes ? 6 : 5);
  });

  it('computes the server’s text for the case that the operation in flight was committed', () => {
    const withBuffer = edited(typed, Operation.of('Y'));
    expect(withOutstanding(withBuffer).toString()).toBe('baseX');
    expect(withBuffer.text.toString()).toBe('YbaseX');
  });
});
