// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Draft } from '../../src/protocol';
import {
  DRAFT_LENGTH,
  draftOf,
  forward,
  lengthOf,
  readDraft,
  type RemoteDraft,
  shown
} from '../../src/presence/draft';
import { piecesOf } from '../../src/presence/draftPieces';
import { RecentVersions } from '../../src/sync';
import { replicaOf } from '../../src/sync/replica';
import { pendingOf } from '../../src/sync/pending';
import { normalise, Operation, Text, toWire, transform } from '../../src/text';
import { operationOn, textAndOperations } from '../kit/arbitraries';

const ANN = 'session-ann';
const BOB = 'session-bob';

/** A text with a draft by Ann: an operation in flight, and a buffer. */
const drafted = textAndOperations(2).map(([content, [first, buffer]]) => ({
  content,
  first,
  buffer,
  draft: wire(7, first, buffer)
}));

function wire(version: number, first: Operation | null, buffer: Operation): Draft {
  return {
    version,
    inFlight: first && { operationId: 'in-flight', operations: toWire(first) },
    operations: toWire(buffer)
  };
}

function read(draft: Draft, versions: RecentVersions): RemoteDraft | null {
  return readDraft({ sessionId: ANN, userId: 'ann' }, draft, versions);
}

function withDraft(text: Text, draft: RemoteDraft | null): string {
  const over = draft && shown(draft, []);
  return (over ? text.apply(over.operation) : text).toString();
}

describe('a draft', () => {
  it('shows its operations, one after the other', () => {
    fc.assert(
      fc.property(drafted, ({ content, first, buffer, draft }) => {
        const text = Text.of(content);
        const held = read(draft, RecentVersions.from(7, text));
        expect(withDraft(text, held)).toBe(text.apply(first).apply(buffer).toString());
      }),
      { numRuns: 500 }
    );
  });

  it('loses the part that is committed, and the text with it stays the same', () => {
    fc.assert(
      fc.property(drafted, ({ content, first, buffer, draft }) => {
        const text = Text.of(content);
        const versions = RecentVersions.from(7, text);
        const before = read(draft, versions);
        const committed = text.apply(first);
        const step = {
          operation: first,
          operationId: 'in-flight',
          sessionId: ANN,
          userId: 'ann',
          timestamp: null
        };
        const next = before && forward(before, versions.with(step, committed));
        expect(next?.inFlight ?? null).toBeNull();
        expect(withDraft(committed, next)).toBe(committed.apply(buffer).toString());
      }),
      { numRuns: 500 }
    );
  });

  it('shows what its operations make of the text after what others commit before', () => {
    const withOther = drafted.chain(given =>
      operationOn([...given.content].length).map(other => ({ ...given, other }))
    );
    fc.assert(
      fc.property(withOther, ({ content, first, buffer, draft, other }) => {
        const text = Text.of(content);
        const committed = text.apply(other);
        const step = {
          operation: other,
          operationId: 'other',
          sessionId: BOB,
          userId: 'bob',
          timestamp: null
        };
        const held = read(draft, RecentVersions.from(7, text).with(step, committed));
        // As the server commits them, and Ann's client transforms her buffer.
        const flying = normalise(transform(first, other, 'left'));
        const others = normalise(transform(other, first, 'right'));
        const later = normalise(transform(buffer, others, 'left'));
        expect(withDraft(committed, held)).toBe(committed.apply(flying).apply(later).toString());
      }),
      { numRuns: 500 }
    );
  });

  it('is over with any other operation of its user', () => {
    const text = Text.of('abc');
    const draft = wire(7, Operation.of('x'), Operation.of(1, 'y'));
    const step = {
      operation: Operation.of(3, 'z'),
      operationId: 'other',
      sessionId: ANN,
      userId: 'ann',
      timestamp: null
    };
    expect(read(draft, RecentVersions.from(7, text).with(step, Text.of('abcz')))).toBeNull();
  });

  it('is over if its operation comes from another session, or has become another one', () => {
    const text = Text.of('abc');
    const draft = wire(7, Operation.of('x'), Operation.of(1, 'y'));
    const versions = RecentVersions.from(7, text);
    const x = Operation.of('x');
    const from = (operation: Operation, sessionId: string | null) => ({
      operation,
      operationId: 'in-flight',
      sessionId,
      userId: 'ann',
      timestamp: null
    });
    expect(read(draft, versions.with(from(x, ANN), Text.of('xabc')))).not.toBeNull();
    expect(read(draft, versions.with(from(x, BOB), Text.of('xabc')))).toBeNull();
    expect(read(draft, versions.with(from(Operation.of('xy'), ANN), Text.of('xyabc')))).toBeNull();
  });

  it('that does not fit the text, or has a version that is not remembered, is none', () => {
    const versions = RecentVersions.from(7, Text.of('abc'));
    expect(read(wire(7, null, Operation.of(4, 'x')), versions)).toBeNull();
    expect(read(wire(7, null, Operation.of('a\0')), versions)).toBeNull();
    expect(read(wire(6, null, Operation.of('x')), versions)).toBeNull();
    expect(read(wire(8, null, Operation.of('x')), versions)).toBeNull();
  });

  it('stands left of what the receiver typed at the same place, as the later one', () => {
    const text = Text.of('ab');
    const held = read(wire(7, null, Operation.of(1, 'ann')), RecentVersions.from(7, text));
    const own = Operation.of(1, 'bob');
    const over = held && shown(held, [own]);
    expect(over && text.apply(own).apply(over.operation).toString()).toBe('aannbobb');
  });

  it('has its caret in the text with it, also after others typed before it', () => {
    const text = Text.of('one\ntwo');
    const draft = { ...wire(7, null, Operation.of(7, '\nxy')), cursor: { line: 2, column: 1 } };
    const step = {
      operation: Operation.of('> '),
      operationId: 'other',
      sessionId: BOB,
      userId: 'bob',
      timestamp: null
    };
    const versions = RecentVersions.from(7, text).with(step, Text.of('> one\ntwo'));
    const held = read(draft, versions);
    expect(held?.selection).toEqual({ anchor: 11, head: 11 });
    const pieces = held && piecesOf(shown(held, [])!);
    expect(pieces).toEqual({ pieces: [{ from: 9, to: 9, insert: '\nxy', caret: 2 }], head: 9 });
  });
});

describe('the pieces of a draft', () => {
  it('make of the shown text the text with the draft', () => {
    fc.assert(
      fc.property(textAndOperations(1), fc.nat(), ([content, [operation]], seed) => {
        const characters = [...content];
        const whole = [...Text.of(content).apply(operation).toString()];
        const head = seed % (whole.length + 1);
        const { pieces, head: place } = piecesOf({ operation, selection: { anchor: head, head } });
        let [result, at] = ['', 0];
        for (const { from, to, insert } of pieces) {
          result += characters.slice(at, from).join('') + insert;
          at = to;
        }
        expect(result + characters.slice(at).join('')).toBe(whole.join(''));
        const carets = pieces.filter(({ caret }) => caret !== null);
        expect(carets.length).toBeLessThanOrEqual(1);
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(characters.length);
        if (carets.length === 1) {
          const [{ from, insert, caret }] = carets;
          expect(place).toBe(from);
          expect([...insert].length).toBeGreaterThanOrEqual(caret!);
        }
      }),
      { numRuns: 1000 }
    );
  });
});

describe('the draft of one’s own edits', () => {
  const message = { operationId: 'in-flight', version: 3, operations: [] };

  it('is the operation in flight and the buffer, as the receiver reads them', () => {
    fc.assert(
      fc.property(textAndOperations(2), ([content, [first, buffer]]) => {
        const base = replicaOf('epoch', 7, content);
        const text = base.text.apply(first).apply(buffer);
        const outstanding = { message, operation: first, edits: 1 };
        const pending = pendingOf(outstanding, { operation: buffer, edits: 1 });
        const draft = draftOf({ ...base, pending, text }, { anchor: 0, head: text.length });
        const held = draft && read(draft, base.recentVersions);
        expect(withDraft(base.committed, held)).toBe(text.toString());
        expect(held?.selection?.head ?? text.length).toBe(text.length);
      }),
      { numRuns: 300 }
    );
  });

  it('is none where nothing is pending, or where it would be too long', () => {
    const base = replicaOf('epoch', 7, '');
    expect(draftOf(base, null)).toBeNull();
    const of = (length: number) => {
      const operation = Operation.of('x'.repeat(length));
      const pending = pendingOf(null, { operation, edits: 1 });
      return draftOf({ ...base, pending, text: Text.of('x'.repeat(length)) }, null);
    };
    expect(of(3_800)).not.toBeNull();
    expect(JSON.stringify(of(3_800)).length).toBeLessThanOrEqual(DRAFT_LENGTH);
    expect(of(3_990)).toBeNull();
    expect(of(1_000_000)).toBeNull();
    expect(lengthOf(of(300)!)).toBeLessThan(400);
  });

  it('costs little with an edit in many places', () => {
    const base = replicaOf('epoch', 7, 'ab'.repeat(50_000));
    const components = Array.from({ length: 100_000 }, (_, index) => (index % 2 ? 2 : 'x'));
    const operation = new Operation(components);
    const pending = pendingOf(null, { operation, edits: 1 });
    expect(draftOf({ ...base, pending }, null)).toBeNull();
    const held = read(wire(7, null, Operation.of('y')), base.recentVersions);
    expect(held && shown(held, [operation])).toBeNull();
  });
});
