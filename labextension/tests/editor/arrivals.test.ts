import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { LONGEST_WAIT } from '../../src/editor/arrivals';
import { toSelection } from '../../src/editor/changes';
import { attachedTo, catchUp } from '../../src/editor/collaboration';
import { undoOwn } from '../../src/editor/undo';
import { Text } from '../../src/text';
import { connect, isSynchronised, Server, userOf, World } from '../kit';
import { clearDesks, desk, put, viewOf, type Writer } from './kit';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['requestAnimationFrame', 'cancelAnimationFrame', 'setTimeout', 'clearTimeout']
  });
});
afterEach(() => {
  clearDesks();
  vi.useRealTimers();
});

const textOf = ({ view }: Writer) => view.state.doc.toString();

/** Counts the updates of an editor that change its text. */
function counted(): { readonly updates: () => number; readonly counting: Extension } {
  let count = 0;
  return {
    updates: () => count,
    counting: EditorView.updateListener.of(update => void (count += update.docChanged ? 1 : 0))
  };
}

describe('edits of others', () => {
  it('in view, of one frame, are one change right before the next', () => {
    const { updates, counting } = counted();
    const { world, ann, bob } = desk('text', counting);
    for (let letter = 0; letter < 5; letter++) {
      put(bob, 0, 'x');
      world.run(100);
    }
    const own = updates();
    expect(textOf(ann)).toBe('text');
    vi.advanceTimersToNextFrame();
    expect(textOf(ann)).toBe('xxxxxtext');
    expect(updates() - own).toBe(1);
  });

  it('outside of the view wait for no more than a quarter of a second', () => {
    const { updates, counting } = counted();
    const line = 'A line of the text.\n';
    const { world, ann, bob } = desk(line.repeat(2_000), counting);
    const end = bob.view.state.doc.length;
    expect(ann.view.viewport.to).toBeLessThan(end);
    const before = updates();
    for (let letter = 0; letter < 20; letter++) {
      put(bob, end, 'x');
      world.run(100);
      vi.advanceTimersByTime(LONGEST_WAIT / 25);
    }
    expect(updates() - before - 20).toBe(0);
    vi.advanceTimersByTime(LONGEST_WAIT / 5);
    expect(updates() - before - 20).toBe(1);
    expect(textOf(ann)).toBe(textOf(bob));
  });

  it('of a page without frames and timers wait in a limited number', () => {
    const { world, ann, bob } = desk('text');
    for (let letter = 0; letter < 300; letter++) {
      put(bob, 0, 'x');
      world.run(20);
    }
    expect(textOf(ann).length).toBeGreaterThanOrEqual(256);
  });

  it('are there when one undoes', () => {
    const { world, ann, bob } = desk('text');
    put(ann, 4, '!');
    world.run(200);
    catchUp(bob.view);
    put(bob, 0, 'A ');
    world.run(200);
    undoOwn(ann.view);
    expect(textOf(ann)).toBe('A text');
    world.run(200);
    catchUp(bob.view);
    expect(textOf(bob)).toBe('A text');
  });
});

describe('an editor that lacks edits of others', () => {
  it('converges with all others, and its own edits stay where they were made', () => {
    const step = fc.record({
      who: fc.nat(3),
      what: fc.constantFrom('insert', 'insert', 'delete', 'frame', 'undo', 'wait', 'cut'),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      text: fc.constantFrom('a', 'B\n', '😀', 'word ')
    });
    fc.assert(
      fc.property(fc.nat(1000), fc.array(step, { maxLength: 40 }), (seed, steps) => {
        const world = new World(seed);
        const server = new Server(world, 'One line.\nAnother 🎉 line.\n');
        const clients = ['Ann', 'Bob', 'Cem', 'Dea'].map(name =>
          connect(world, server, userOf(name))
        );
        world.runUntil(() => clients.every(isSynchronised));
        const writers = clients.map(client => ({ ...client, view: viewOf(client) }));
        for (const [number, { who, what, at, text }] of steps.entries()) {
          const writer = writers[who];
          const shown = Text.of(textOf(writer));
          const place = Math.floor(at * shown.length);
          switch (what) {
            case 'insert':
              typeAt(writer, shown.utf16Of(place), `⟨${number}${text}⟩`);
              break;
            case 'delete':
              put(
                writer,
                shown.utf16Of(place),
                '',
                shown.utf16Of(Math.min(shown.length, place + 3))
              );
              break;
            case 'frame':
              vi.advanceTimersToNextFrame();
              break;
            case 'undo':
              undoOwn(writer.view);
              break;
            case 'wait':
              world.run(Math.ceil(at * 100));
              break;
            case 'cut':
              writer.wire.cut();
          }
        }
        world.run(60_000);
        vi.advanceTimersByTime(LONGEST_WAIT);
        for (const writer of writers) {
          expect(textOf(writer)).toBe(server.text.toString());
          expect(attachedTo(writer.view)?.isBehind).toBe(false);
        }
        clearDesks();
      }),
      { numRuns: 30 }
    );
  });

  /** Types in what the editor shows, and looks whether that stands in the document before the caret. */
  function typeAt(writer: Writer, index: number, text: string): void {
    put(writer, index, text);
    const { view, connection } = writer;
    const attached = attachedTo(view);
    if (!attached) {
      throw new Error('the editor is not bound');
    }
    const { head } = toSelection(view.state.selection.main, attached.text);
    const caret = attached.inDocument({ anchor: head, head }).head;
    // What somebody else typed at the same place may stand between both.
    expect(connection.document.slice(0, caret)).toContain(text);
  }
});
