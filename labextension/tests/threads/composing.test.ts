import '../kit/lab';

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { Composing, foundAgain } from '../../src/threads/composing';
import { clearDesks, desk, put } from '../editor/kit';
import { MemoryThreads } from './memoryThreads';

const TEXT = 'The quick brown fox';

afterEach(clearDesks);

function composing() {
  const { ann, bob, world } = desk(TEXT);
  const threads = new MemoryThreads();
  return { ann, bob, world, threads, composing: new Composing(ann.view, threads) };
}

describe('a comment that is being written', () => {
  it('stays on its words, whatever is edited around them', () => {
    const edits = fc.array(
      fc.record({ at: fc.nat(60), removed: fc.nat(3), insert: fc.constantFrom('', 'x', '\nyz') }),
      { maxLength: 6 }
    );
    fc.assert(
      fc.property(edits, made => {
        const { ann, composing: one } = composing();
        one.begin('comment', 4, 9);
        for (const { at, removed, insert } of made) {
          const { start, end } = one.current!;
          const { length } = ann.view.state.doc;
          const from = Math.min(at, length);
          const to = Math.min(from + removed, length);
          // Not within the words.
          if (to <= start || from >= end) {
            put(ann, from, insert, to);
          }
        }
        const { start, end } = one.current!;
        expect(ann.view.state.sliceDoc(start, end)).toBe('quick');
        one.dispose();
        clearDesks();
      }),
      { numRuns: 30 }
    );
  });

  it('is sent for its words, and its thread is selected', () => {
    const { ann, threads, composing: one } = composing();
    one.begin('comment', 4, 9);
    expect(one.maySend).toBe(false);
    one.write({ body: 'Is it?' });
    put(ann, 0, 'So: ');
    one.send();
    const [shown] = threads.all;
    expect(shown!.range).toEqual({ start: 8, end: 13 });
    expect(shown!.thread.messages[0]!.body).toBe('Is it?');
    expect(threads.selected).toBe(shown!.thread.threadId);
    expect([one.current, one.kept]).toEqual([null, null]);
  });

  it('takes what others write in its passage into what it suggests', () => {
    const { ann, threads, composing: one } = composing();
    one.begin('suggestion', 4, 15);
    one.write({ replacement: 'quick red' });
    put(ann, 9, ', clever,', 9);
    expect(one.current!.quote).toBe('quick, clever, brown');
    expect(one.current!.replacement).toBe('quick, clever, red');
    put(ann, 0, 'Now: the', 3);
    one.send();
    const [shown] = threads.all;
    expect(shown!.range).toEqual({ start: 9, end: 29 });
    expect(shown!.thread.replacement).toBe('quick, clever, red');
  });

  it('loses no letter that others type while a suggestion is written', () => {
    const typed = fc.array(fc.nat(60), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(typed, places => {
        const { ann, threads, composing: one } = composing();
        one.begin('suggestion', 4, 15);
        one.write({ replacement: 'slow' });
        for (const [index, place] of places.entries()) {
          put(ann, Math.min(place, ann.view.state.doc.length), 'ABCDEF'[index]!);
        }
        one.send();
        const [{ range, thread }] = threads.all as [(typeof threads.all)[number]];
        const text = ann.view.state.doc.toString();
        const accepted = text.slice(0, range!.start) + thread.replacement + text.slice(range!.end);
        for (const index of places.keys()) {
          expect(accepted).toContain('ABCDEF'[index]);
        }
        one.dispose();
        clearDesks();
      }),
      { numRuns: 30 }
    );
  });

  it('can’t be sent when its words are gone, and keeps what was written', () => {
    const { ann, threads, composing: one } = composing();
    one.begin('comment', 4, 9);
    one.write({ body: 'Is it?' });
    put(ann, 3, '', 10);
    expect([one.isLost, one.maySend]).toEqual([true, false]);
    one.send();
    expect(threads.all).toEqual([]);
    expect(one.current?.body).toBe('Is it?');
  });

  it('is kept when it is left, and goes on at its words', () => {
    const { ann, composing: one } = composing();
    one.begin('comment', 4, 9);
    one.write({ body: 'Is it?' });
    one.close();
    expect(one.kept?.body).toBe('Is it?');
    put(ann, 0, 'Well, ');
    one.resume();
    expect(one.current).toMatchObject({ start: 10, end: 15, body: 'Is it?' });
    one.discard();
    expect([one.current, one.kept]).toEqual([null, null]);
  });

  it('of a long passage keeps some of it only, and goes on with all of it', () => {
    const { ann, threads, composing: one } = composing();
    const long = 'So many words. '.repeat(400);
    put(ann, 0, long);
    one.begin('comment', 0, long.length);
    one.write({ body: 'Too many' });
    one.close();
    expect(threads.drafts.begun!.quote.length).toBeLessThanOrEqual(1_000);
    put(ann, 0, 'Well: ');
    one.resume();
    expect(one.current).toMatchObject({ start: 6, end: 6 + long.length, quote: long });
  });

  it('leaves nothing behind when nothing was written', () => {
    const { composing: one } = composing();
    one.begin('suggestion', 4, 9);
    one.close();
    expect(one.kept).toBeNull();
  });
});

describe('a suggestion that is being written', () => {
  it('begins with the words, and needs others', () => {
    const { threads, composing: one } = composing();
    one.begin('suggestion', 4, 9);
    expect(one.current?.replacement).toBe('quick');
    expect(one.maySend).toBe(false);
    one.write({ replacement: '' });
    expect(one.maySend).toBe(true);
    one.write({ replacement: 'slow' });
    one.send();
    expect(threads.all[0]?.thread.replacement).toBe('slow');
  });
});

it('words are found again nearest to where they were', () => {
  const at = (text: string, start: number, quote = 'ab') =>
    foundAgain(text, { start, end: start + quote.length, quote });
  expect(at('ab ab', 3)).toEqual({ start: 3, end: 5 });
  expect(at('ab  ab', 3)).toEqual({ start: 4, end: 6 });
  expect(at('ab', 100)).toEqual({ start: 0, end: 2 });
  expect(at('xy', 1)).toEqual({ start: 1, end: 1 });
  expect(at('xy', 9, '')).toEqual({ start: 2, end: 2 });
});
