import { afterEach, describe, expect, it } from 'vitest';

import { draftsIn } from '../../src/editor';
import { Operation } from '../../src/text';
import { clearDesks, desk, put, shown, type Desk } from './kit';

afterEach(clearDesks);

/** A desk on which the server takes operations slowly, so that what is typed is a draft for a while. */
function slowDesk(content: string): Desk {
  const made = desk(content);
  made.world.run(1_000);
  made.server.ignoresOperations = true;
  return made;
}

/** The letters of drafts that an editor shows, and what it shows as deleted. */
function seen({ view }: Desk['bob']): { letters: string; deleted: string } {
  const all = (selector: string) => [...view.contentDOM.querySelectorAll<HTMLElement>(selector)];
  return {
    letters: all('.cm-specDraft-letters')
      .map(({ dataset }) => dataset.letters)
      .join(''),
    deleted: all('.cm-specDraftDeleted')
      .map(({ textContent }) => textContent)
      .join('')
  };
}

async function nextFrame(): Promise<void> {
  await new Promise(resolve => requestAnimationFrame(resolve));
}

describe('what a colleague types', () => {
  it('is shown before it is in the document, and is in no text', async () => {
    const made = slowDesk('one\ntwo\n');
    const { world, ann, bob } = made;
    put(ann, 3, '!');
    put(ann, 4, '?\nnew line');
    world.run(1_000);
    await nextFrame();
    expect(seen(bob).letters).toBe('!?\nnew line');
    expect(bob.view.state.doc.toString()).toBe('one\ntwo\n');
    expect(bob.view.contentDOM.textContent).toBe('onetwo');
    expect(bob.view.contentDOM.querySelector('.cm-specDraft')?.getAttribute('aria-hidden')).toBe(
      'true'
    );
    expect(draftsIn(bob.view)[0].pieces).toEqual([{ from: 3, to: 3, insert: '!?\nnew line' }]);
    expect(seen(ann).letters).toBe('');
  });

  it('turns into text in the very change in which its operation comes', async () => {
    const made = slowDesk('one\n');
    const { world, server, ann, bob } = made;
    put(ann, 3, '!');
    put(ann, 4, '?');
    world.run(1_000);
    await nextFrame();
    expect(seen(bob).letters).toBe('!?');
    const texts: string[] = [];
    const stop = bob.connection.onChange(() => undefined);
    server.ignoresOperations = false;
    const { dispatch } = bob.view;
    bob.view.dispatch = (...specs: never[]) => {
      dispatch.apply(bob.view, specs);
      texts.push(bob.view.state.doc.toString() + seen(bob).letters);
    };
    world.runUntil(() => server.text.toString() === 'one!?\n');
    world.run(1_000);
    shown(bob);
    await nextFrame();
    expect(texts.filter(text => text.match(/[!]/g)?.length !== 1)).toEqual([]);
    expect(shown(bob)).toBe('one!?\n');
    expect(seen(bob).letters).toBe('');
    stop();
  });

  it('shows what it deletes as such, and one’s own typing around it stays in place', async () => {
    const { world, ann, bob } = slowDesk('one two three');
    put(ann, 4, '2', 7);
    put(ann, 5, '.');
    world.run(1_000);
    await nextFrame();
    expect(seen(bob)).toEqual({ letters: '2.', deleted: 'two' });
    put(bob, 0, '> ');
    await nextFrame();
    expect(seen(bob)).toEqual({ letters: '2.', deleted: 'two' });
    expect(draftsIn(bob.view)[0].pieces).toEqual([{ from: 6, to: 9, insert: '2.' }]);
  });

  it('goes when its author goes', async () => {
    const { world, ann, bob } = slowDesk('one');
    put(ann, 3, '!');
    put(ann, 4, '?');
    world.run(1_000);
    await nextFrame();
    expect(seen(bob).letters).toBe('!?');
    ann.wire.isDown = true;
    ann.wire.cut();
    world.run(6_000);
    await nextFrame();
    expect(seen(bob).letters).toBe('');
  });

  it('is not announced by who is alone, and is no draft once it is taken back', async () => {
    const { world, ann, bob } = slowDesk('one');
    ann.connection.edit(Operation.of(3, '!'));
    ann.connection.edit(Operation.of(4, '?'));
    world.run(1_000);
    expect(bob.connection.drafts).toHaveLength(1);
    ann.connection.undo();
    world.run(1_000);
    expect(bob.connection.drafts.map(({ operation }) => operation.components)).not.toContain('?');
  });
});
