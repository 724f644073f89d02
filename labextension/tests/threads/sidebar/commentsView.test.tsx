import '../../kit/lab';

import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { SpecError } from '../../../src/server/error';
import { Composing } from '../../../src/threads/composing';
import { CommentsView } from '../../../src/threads/sidebar/commentsView';
import type { ShownThread } from '../../../src/threads/specThreads';
import { clearDesks, desk } from '../../editor/kit';
import { eventually } from '../../kit/eventually';
import { button, contextOf, press, trans, turns, type } from '../context';
import { MemoryThreads } from '../memoryThreads';
import { message, shown } from '../threads';

afterEach(clearDesks);

async function viewOf(all: readonly ShownThread[], prepare?: (threads: MemoryThreads) => void) {
  const threads = new MemoryThreads(all);
  prepare?.(threads);
  const context = contextOf(threads);
  const composing = new Composing(desk('The quick brown fox').ann.view, threads);
  const [showSpecs, comment] = [vi.fn(), vi.fn()];
  const view = new CommentsView({ trans, showSpecs, comment });
  Widget.attach(view, document.body);
  view.display({ context, composing });
  const again = async () => {
    await turns();
    // The list is drawn once a frame.
    await new Promise(resolve => requestAnimationFrame(resolve));
    MessageLoop.flush();
    await view.renderPromise;
    await turns();
  };
  await again();
  const cards = () =>
    [...view.node.querySelectorAll('article')].map(each => each.dataset['specThread']);
  return { view, node: view.node, threads, context, composing, comment, again, cards };
}

const ALL = [
  shown('one'),
  shown('two', { messages: [message('@me?', { mentions: ['me'] })] }),
  shown('old', { state: 'resolved', resolvedByName: 'Ada' })
];

describe('the comments in the sidebar', () => {
  it('are those that a filter leaves, with how many these are', async () => {
    const { node, cards, again } = await viewOf(ALL);
    expect(cards()).toEqual(['one', 'two']);
    expect(button(node, 'Open2').getAttribute('aria-pressed')).toBe('true');
    button(node, 'Mentions me1').click();
    await again();
    expect(cards()).toEqual(['two']);
    button(node, 'Resolved').click();
    await again();
    expect(cards()).toEqual(['old']);
  });

  it('are reached by the arrow keys, and one of them by Tab', async () => {
    const { node } = await viewOf(ALL);
    const [one, two] = [...node.querySelectorAll<HTMLElement>('article')];
    expect([one!.tabIndex, two!.tabIndex]).toEqual([0, -1]);
    one!.focus();
    press(one!, 'ArrowDown');
    expect(document.activeElement).toBe(two);
    press(two!, 'Home');
    expect(document.activeElement).toBe(one);
  });

  it('are left by Esc, and have the focus where one of them is gone', async () => {
    const { node, threads, again, context, cards } = await viewOf(ALL);
    const [one] = [...node.querySelectorAll<HTMLElement>('article')];
    one!.focus();
    press(one!, 'Escape');
    expect(context.leave).toHaveBeenCalledOnce();
    threads.select('one');
    await again();
    const resolve = button(node, 'Resolve');
    resolve.focus();
    resolve.click();
    await again();
    expect(cards()).toEqual(['two']);
    expect((document.activeElement as HTMLElement).dataset['specThread']).toBe('two');
    threads.all = [];
    await again();
    expect(document.activeElement).toBe(button(node, 'Open'));
  });

  it('have the one that is selected elsewhere among them', async () => {
    const { threads, cards, again, node } = await viewOf(ALL);
    threads.select('old');
    await again();
    expect(cards()).toEqual(['old']);
    expect(node.querySelector('article')?.getAttribute('aria-current')).toBe('true');
  });

  it('take the focus along from the card that had it to the one that is selected by a key', async () => {
    const { node, threads, again } = await viewOf(ALL);
    const focused = () => document.activeElement?.getAttribute('data-spec-thread');
    threads.select('one');
    await again();
    node.querySelector<HTMLElement>('article')!.focus();
    threads.select('two');
    await again();
    await eventually(() => expect(focused()).toBe('two'));
    node.querySelector('textarea')!.focus(); // which is gone when another card is selected
    threads.select('one');
    await again();
    await eventually(() => expect(focused()).toBe('one'));
  });

  it('leave the focus where it is outside the cards, and where the user has gone meanwhile', async () => {
    const { node, threads, again } = await viewOf(ALL);
    const other = document.createElement('input');
    document.body.append(other);
    const filter = button(node, 'Open2');
    filter.focus();
    threads.select('one');
    await again();
    expect(document.activeElement).toBe(filter);
    node.querySelector<HTMLElement>('article')!.focus();
    threads.select('two');
    other.focus();
    await again();
    expect(document.activeElement).toBe(other);
    other.remove();
  });

  it('come in pages: closed ones from the server, and many by and by', async () => {
    const { node, cards, again, threads } = await viewOf([], each => {
      each.hasMoreClosed = true;
      each.closed = Array.from({ length: 90 }, (_, number) =>
        shown(`c${number}`, { state: 'resolved' })
      );
    });
    button(node, 'Resolved').click();
    await again();
    expect(threads.all).toHaveLength(90);
    expect(cards()).toHaveLength(40);
    button(node, 'Show more').click();
    await again();
    expect(cards()).toHaveLength(80);
  });

  it('say what will be there and how to begin, where there are none', async () => {
    const { node, comment, threads, again } = await viewOf([]);
    expect(node.textContent).toContain('Select words in the text');
    button(node, 'Comment on the selection').click();
    expect(comment).toHaveBeenCalledOnce();
    button(node, 'Mentions me').click();
    await again();
    expect(node.textContent).toContain('There are none.');
    button(node, 'Show open comments').click();
    threads.role = 'viewer';
    threads.changed.tell('threads');
    await again();
    expect(node.textContent).toContain('ask an owner');
  });

  it('say why they are not there, and ask again', async () => {
    const { node, threads, again } = await viewOf([], each => {
      each.isReady = false;
      each.error = new SpecError(SpecError.UNREACHABLE, '');
    });
    expect(node.querySelector('[role="alert"]')?.textContent).toContain('can’t be reached');
    button(node, 'Try again').click();
    await again();
    expect(threads.error).toBeNull();
    expect(node.textContent).toContain('Loading…');
  });

  it('have a new one written among them', async () => {
    const { node, composing, threads, again, context } = await viewOf([]);
    composing.begin('comment', 4, 9);
    await again();
    const card = node.querySelector('.jp-mod-new')!;
    expect(card.textContent).toContain('quick');
    const field = card.querySelector('textarea')!;
    expect(document.activeElement).toBe(field);
    type(field, 'Is it?');
    await again();
    press(field, 'Enter', { ctrlKey: true });
    await again();
    expect(threads.all[0]?.thread.messages[0]?.body).toBe('Is it?');
    expect(context.leave).toHaveBeenCalledOnce();
    expect(node.querySelector('.jp-mod-new')).toBeNull();
  });

  it('offer to go on with a draft', async () => {
    const { node, composing, again } = await viewOf([]);
    composing.begin('comment', 4, 9);
    composing.write({ body: 'Is' });
    composing.close();
    await again();
    expect(node.textContent).toContain('You have begun to write about “quick”.');
    button(node, 'Go on').click();
    await again();
    expect(composing.current?.body).toBe('Is');
  });

  it('let one accept all suggestions of a person, after a question', async () => {
    const by = (id: string, createdBy: string) =>
      shown(id, { kind: 'suggestion', replacement: 'x', createdBy, createdByName: createdBy });
    const { node, threads, again, context } = await viewOf([
      by('a', 'grace'),
      by('b', 'grace'),
      by('c', 'ada')
    ]);
    expect(node.textContent).toContain('grace: 2 suggestions');
    button(node, 'Accept all').click();
    await again();
    button(node, 'Accept all').click();
    await again();
    expect(threads.all.map(({ thread }) => thread.state)).toEqual(['accepted', 'accepted', 'open']);
    expect(context.say).toHaveBeenCalledWith('2 suggestions accepted');
  });
});
