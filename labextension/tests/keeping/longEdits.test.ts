// @vitest-environment node
/** What is kept of long texts and long edits. */
import { describe, expect, it } from 'vitest';

import { Operation } from '../../src/text';
import { append, connect, contentOf, isSynchronised, type, userOf } from '../kit';
import { desk, reload } from './desk';

describe('storage', () => {
  it('writes a long text once, however long the user types', () => {
    const all = desk('x'.repeat(1_000_000), { operationsPerMinute: 100 });
    for (let index = 0; index < 200; index++) {
      append(all.ann, 'y');
      all.world.run(120);
    }
    expect(all.browser.textUnits).toBeLessThan(1_100_000);
    expect(all.browser.writings).toBeLessThan(150);
    all.world.run(60_000);
    expect(all.browser.kept.size).toBe(0);
    expect(all.browser.texts.size).toBe(0);
  });
});

describe('a very long edit, under the default limit', () => {
  const LIMITS = { operationsPerMinute: 100 };
  const line = (number: number) =>
    `${String(number).padStart(6, '0')} needle ${'hay '.repeat(46)}\n`;
  const pasted = Array.from({ length: 5_000 }, (_, number) => line(number)).join('');

  /** Everything in one operation, as an editor's replace-all makes it. */
  function replaceAll(text: string, old: string, young: string): Operation {
    const pieces = text.split(old);
    return Operation.of(
      ...pieces.flatMap((piece, index) =>
        index < pieces.length - 1 ? [piece.length, young, -old.length] : []
      )
    );
  }

  it('continues after a reload in the middle of it', () => {
    const all = desk('', LIMITS);
    append(all.ann, pasted);
    all.world.run(40_000);
    expect(all.ann.connection.state.pendingParts).toBeGreaterThan(3);
    expect(all.server.text.length).toBeGreaterThan(100_000);
    reload(all);
    expect(contentOf(all.ann)).toBe(pasted);
    all.world.runUntil(() => isSynchronised(all.ann));
    expect(all.server.text.toString()).toBe(pasted);
    // The new page does not know how many operations the old one has sent in this minute.
    expect(all.server.refusals.length).toBeLessThan(3);
  });

  it('and an edit in five thousand places can both be undone', () => {
    const all = desk('', LIMITS);
    const bob = connect(all.world, all.server, userOf('Bob'));
    const settle = () => all.world.runUntil(() => isSynchronised(all.ann) && isSynchronised(bob));
    settle();
    append(all.ann, pasted);
    settle();
    all.ann.connection.edit(replaceAll(pasted, 'needle', 'pin'));
    all.world.run(20_000);
    type(bob, 0, 'Bob. ');
    settle();
    expect(contentOf(bob)).toBe(`Bob. ${pasted.replaceAll('needle', 'pin')}`);
    all.ann.connection.undo();
    settle();
    expect(contentOf(bob)).toBe(`Bob. ${pasted}`);
    all.ann.connection.undo();
    settle();
    expect([contentOf(all.ann), contentOf(bob), all.server.text.toString()]).toEqual(
      Array(3).fill('Bob. ')
    );
    expect(all.server.refusals).toEqual([]);
  });
});
