// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  acknowledge,
  applyLocal,
  applyRemote,
  type Pending,
  pendingEdits,
  refused,
  send,
  SYNCHRONISED
} from '../../src/sync/pending';
import { apply, EMPTY, Operation, toWire } from '../../src/text';
import { content, operationOn } from '../kit/arbitraries';

/** The displayed text: the committed text with all pending edits. */
function shown(pending: Pending, committed: string): string {
  const sent = apply(pending.outstanding?.operation ?? EMPTY, committed);
  return apply(pending.buffer?.operation ?? EMPTY, sent);
}

function sendAll(pending: Pending): Pending {
  const operation = pending.buffer?.operation ?? EMPTY;
  const message = { operationId: 'id', version: 0, operations: toWire(operation) };
  return send(pending, message, operation, null);
}

describe('pending edits', () => {
  it('pass through the states of the diagram', () => {
    const buffering = applyLocal(SYNCHRONISED, Operation.of('a'));
    expect(buffering.kind).toBe('buffering');
    const awaiting = sendAll(buffering);
    expect(awaiting.kind).toBe('awaiting');
    const withBuffer = applyLocal(awaiting, Operation.of(1, 'b'));
    expect(withBuffer.kind).toBe('awaitingWithBuffer');
    expect(pendingEdits(withBuffer)).toBe(2);
    expect(acknowledge(withBuffer).kind).toBe('buffering');
    expect(acknowledge(awaiting)).toBe(SYNCHRONISED);
    expect(refused(withBuffer).buffer?.operation).toEqual(Operation.of('ab'));
  });

  it('are empty if edits cancel each other out', () => {
    const typed = applyLocal(SYNCHRONISED, Operation.of('a'));
    expect(applyLocal(typed, Operation.of(-1))).toBe(SYNCHRONISED);
  });

  it('are sent one operation at a time', () => {
    const pending = applyLocal(
      sendAll(applyLocal(SYNCHRONISED, Operation.of('a'))),
      Operation.of('b')
    );
    expect(() => sendAll(pending)).toThrow();
  });

  it('keep the message unchanged while the operation is transformed', () => {
    const awaiting = sendAll(applyLocal(SYNCHRONISED, Operation.of(2, 'x')));
    const { pending } = applyRemote(awaiting, Operation.of('yy'));
    expect(pending.outstanding?.message).toBe(awaiting.outstanding?.message);
    expect(pending.outstanding?.operation).toEqual(Operation.of(4, 'x'));
  });

  it('come before text that was committed earlier at the same position', () => {
    const pending = sendAll(applyLocal(SYNCHRONISED, Operation.of('mine ')));
    const remote = applyRemote(pending, Operation.of('theirs '));
    expect(remote.applied).toEqual(Operation.of(5, 'theirs '));
  });

  it('turn the committed text into the displayed text after every transition', () => {
    const steps = fc.array(
      fc.tuple(fc.constantFrom('local', 'remote', 'send', 'ack', 'refuse'), fc.nat()),
      {
        maxLength: 25
      }
    );
    fc.assert(
      fc.property(content, steps, fc.gen(), (start, moves, gen) => {
        let [committed, text, pending] = [start, start, SYNCHRONISED];
        for (const [move] of moves) {
          if (move === 'local') {
            const operation = gen(operationOn, [...text].length);
            pending = applyLocal(pending, operation);
            text = apply(operation, text);
          } else if (move === 'remote') {
            const operation = gen(operationOn, [...committed].length);
            const result = applyRemote(pending, operation);
            committed = apply(operation, committed);
            text = apply(result.applied, text);
            pending = result.pending;
          } else if (move === 'send' && pending.kind === 'buffering') {
            pending = sendAll(pending);
          } else if (move === 'ack' && pending.outstanding) {
            committed = apply(pending.outstanding.operation, committed);
            pending = acknowledge(pending);
          } else if (move === 'refuse') {
            pending = refused(pending);
          }
          expect(shown(pending, committed)).toBe(text);
        }
      }),
      { numRuns: 500 }
    );
  });
});
