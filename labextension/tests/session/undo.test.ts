// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  closeStep,
  type History,
  NO_HISTORY,
  recordEdit,
  recordRemote,
  redo,
  undo
} from '../../src/session/undo';
import { Operation, Text } from '../../src/text';
import { append, connect, contentOf, isSynchronised, Server, type, userOf, World } from '../kit';
import { operationOn } from '../kit/arbitraries';

/** A text with a history, edited by its user and by others. */
class Page {
  history: History = NO_HISTORY;
  now = 0;

  constructor(public text: Text) {}

  own(...components: (number | string)[]): this {
    return this.ownOperation(Operation.of(...components));
  }

  ownOperation(operation: Operation, later = 10_000): this {
    this.now += later;
    this.history = recordEdit(this.history, operation, this.text, null, this.now);
    this.text = this.text.apply(operation);
    return this;
  }

  others(...components: (number | string)[]): this {
    return this.othersOperation(Operation.of(...components));
  }

  othersOperation(operation: Operation): this {
    this.history = recordRemote(this.history, operation);
    this.text = this.text.apply(operation);
    return this;
  }

  step(take: typeof undo): boolean {
    const step = take(this.history, this.text, null);
    if (step) {
      this.history = step.history;
      this.text = this.text.apply(step.operation);
    }
    return step !== null;
  }

  all(take: typeof undo): string {
    while (this.step(take)) {
      // Until there are no steps left.
    }
    return this.text.toString();
  }
}

function page(content: string): Page {
  return new Page(Text.of(content));
}

describe('undo', () => {
  it('reverts the user’s edits and not those of others since', () => {
    const ours = page('Hello').own(5, ' world').others('Oh! ');
    ours.step(undo);
    expect(ours.text.toString()).toBe('Oh! Hello');
    ours.step(redo);
    expect(ours.text.toString()).toBe('Oh! Hello world');
  });

  it('keeps text that others inserted inside the edit', () => {
    const ours = page('').own('abcdef').others(3, 'XYZ');
    ours.step(undo);
    expect(ours.text.toString()).toBe('XYZ');
    ours.step(redo);
    expect([...ours.text.toString()].sort().join('')).toBe('XYZabcdef');
  });

  it('restores deleted text between the inserts of others', () => {
    const ours = page('one two three').own(4, -4).others('zero ');
    ours.step(undo);
    expect(ours.text.toString()).toBe('zero one two three');
  });

  it('skips steps that the edits of others have made empty', () => {
    const ours = page('').own('a').own(1, 'b').others(1, -1);
    ours.step(undo);
    expect(ours.text.toString()).toBe('');
    expect(ours.step(undo)).toBe(false);
  });

  it('combines adjacent typing within half a second into one step', () => {
    const ours = page('');
    [...'word'].forEach((letter, index) => ours.ownOperation(Operation.of(index, letter), 100));
    ours.ownOperation(Operation.of(4, '!'), 600);
    ours.step(undo);
    expect(ours.text.toString()).toBe('word');
    ours.step(undo);
    expect(ours.text.toString()).toBe('');
  });

  it('makes separate steps of typing, deleting and edits elsewhere', () => {
    const ours = page('0123456789').ownOperation(Operation.of(2, 'a'));
    ours.ownOperation(Operation.of(8, 'b'), 100).ownOperation(Operation.of(8, -1), 100);
    expect(ours.history.undoable.length).toBe(3);
    ours.history = closeStep(ours.history);
    ours.ownOperation(Operation.of(8, 'c'), 100);
    expect(ours.history.undoable.length).toBe(4);
  });

  it('combines typing into one step across an edit of another user', () => {
    const ours = page('').ownOperation(Operation.of('a')).others('zz');
    ours.ownOperation(Operation.of(3, 'b'), 100);
    expect(ours.history.undoable.length).toBe(1);
    ours.step(undo);
    expect(ours.text.toString()).toBe('zz');
  });

  it('combines typing with several carets into one step, also across an edit of another user', () => {
    const ours = page('1\n2\n3');
    ours.ownOperation(Operation.of(1, 'a', 2, 'a', 2, 'a'));
    ours.others('> ').ownOperation(Operation.of(4, 'b', 3, 'b', 3, 'b'), 100);
    expect(ours.text.toString()).toBe('> 1ab\n2ab\n3ab');
    ours.step(undo);
    expect(ours.text.toString()).toBe('> 1\n2\n3');
    ours.step(redo);
    expect(ours.text.toString()).toBe('> 1ab\n2ab\n3ab');
  });

  it('combines deleting with several carets into one step, but not with typing', () => {
    const ours = page('1ab\n2ab').ownOperation(Operation.of(2, -1, 3, -1));
    ours.ownOperation(Operation.of(1, -1, 2, -1), 100);
    ours.ownOperation(Operation.of(1, 'x', 2, 'x'), 100);
    expect(ours.history.undoable.length).toBe(2);
    ours.step(undo);
    expect(ours.text.toString()).toBe('1\n2');
    ours.step(undo);
    expect(ours.text.toString()).toBe('1ab\n2ab');
  });

  it('makes separate steps of edits with another number of carets, or at other places', () => {
    const ours = page('1\n2\n3').ownOperation(Operation.of(1, 'a', 2, 'a'));
    ours.ownOperation(Operation.of(2, 'b'), 100).ownOperation(Operation.of(3, 'c', 3, 'c'), 100);
    expect(ours.history.undoable.length).toBe(3);
  });

  it('shows what changed: the caret goes there, unless it was there before the edit', () => {
    const world = new World(5);
    const ann = connect(world, new Server(world, 'one two three'), userOf('Ann'));
    world.runUntil(() => isSynchronised(ann));
    ann.connection.setCursor({ anchor: 8, head: 8 });
    ann.connection.edit(Operation.of(8, 'and '), { anchor: 12, head: 12 });
    ann.connection.setCursor({ anchor: 0, head: 0 });
    expect(ann.connection.undo()).toEqual({ anchor: 8, head: 8 });
    ann.connection.setCursor({ anchor: 0, head: 0 });
    expect(ann.connection.redo()).toEqual({ anchor: 12, head: 12 });
    expect(ann.connection.undo({ anchor: 10, head: 10 })).toEqual({ anchor: 8, head: 8 });
    expect(ann.connection.redo()).toEqual({ anchor: 10, head: 10 });
  });

  it('drops the steps to redo at the next edit', () => {
    const ours = page('').own('a');
    ours.step(undo);
    ours.own('b');
    expect(ours.step(redo)).toBe(false);
  });

  it('of all steps leaves the inserts of others and the original text that they did not delete', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 14 }), fc.gen(), (turns, gen) => {
        const ours = page('0123456789');
        const foreign: string[] = [];
        const gone = new Set<string>();
        turns.forEach((isOwn, index) => {
          const { length } = ours.text;
          if (isOwn) {
            ours.ownOperation(gen(operationOn, length), gen(fc.nat, { max: 900 }));
            return;
          }
          const mark = String.fromCodePoint(0x4e00 + index);
          const offset = gen(fc.nat, { max: length });
          const deleted = gen(fc.nat, { max: Math.min(3, length - offset) });
          const old = [...ours.text.slice(offset, offset + deleted)];
          old.forEach(character => gone.add(character));
          foreign.push(mark);
          ours.others(offset, mark, -deleted);
        });
        const before = ours.text.toString();
        const left = ours.all(undo);
        const expected = [...'0123456789', ...foreign].filter(character => !gone.has(character));
        expect([...left].sort()).toEqual(expected.sort());
        expect(left.replace(/[^0-9]/g, '')).toBe(
          [...'0123456789'].filter(c => !gone.has(c)).join('')
        );
        expect([...ours.all(redo)].sort()).toEqual([...before].sort());
      }),
      { numRuns: 1000 }
    );
  });

  it('does not change the text of others in a shared document', () => {
    const world = new World(5);
    const server = new Server(world, 'Start.');
    const [ann, bob] = [
      connect(world, server, userOf('Ann')),
      connect(world, server, userOf('Bob'))
    ];
    world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
    for (let index = 0; index < 20; index++) {
      type(ann, world.chance.between(0, ann.connection.document.length), `a${index}`);
      append(bob, 'B');
      world.run(world.chance.between(0, 1000));
    }
    while (ann.connection.canUndo) {
      ann.connection.undo();
    }
    world.run(2_000);
    expect(contentOf(bob).replace(/[^B]/g, '')).toBe('B'.repeat(20));
    expect(contentOf(bob).replace(/B/g, '')).toBe('Start.');
    expect(contentOf(ann)).toBe(contentOf(bob));
  });

  it('restores the selection from before the edit, transformed over the edits of others', () => {
    const world = new World(5);
    const server = new Server(world, 'Hello world');
    const [ann, bob] = [
      connect(world, server, userOf('Ann')),
      connect(world, server, userOf('Bob'))
    ];
    world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
    ann.connection.setCursor({ anchor: 6, head: 11 });
    ann.connection.edit(Operation.of(6, '!', -5), { anchor: 7, head: 7 });
    type(bob, 0, '>> ');
    world.run(500);
    expect(ann.connection.undo()).toEqual({ anchor: 9, head: 14 });
    expect(contentOf(ann)).toBe('>> Hello world');
  });
});
