import '../../kit/lab';

import { Notification } from '@jupyterlab/apputils';
import * as React from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SpecError } from '../../../src/server/error';
import { ThreadCard } from '../../../src/threads/card/threadCard';
import type { ShownThread } from '../../../src/threads/specThreads';
import { button, contextOf, drawn, press, type } from '../context';
import { MemoryThreads } from '../memoryThreads';
import { message, shown } from '../threads';

beforeEach(() => Notification.dismiss());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

async function cardOf(first: ShownThread, role: MemoryThreads['role'] = 'contributor') {
  const threads = new MemoryThreads([first]);
  threads.role = role;
  const context = contextOf(threads);
  const { threadId } = first.thread;
  const page = await drawn(threads, () => {
    const each = threads.find(threadId);
    return each ? (
      <ThreadCard
        context={context}
        shown={each}
        isSelected={threads.selected === threadId}
        isFocusable
        hasQuote
        role={threads.role}
        refused={threads.refused}
        isAwaiting={threads.unreadMentions.includes(threadId)}
      />
    ) : (
      <></>
    );
  });
  const open = async () => {
    threads.select(threadId);
    await page.again();
  };
  const settle = async () => {
    await new Promise(resolve => setTimeout(resolve));
    await page.again();
  };
  return { ...page, threads, context, open, settle, thread: () => threads.find(threadId)?.thread };
}

const labels = (node: Element) =>
  [...node.querySelectorAll('button[aria-label]')].map(each => each.getAttribute('aria-label'));

/** What the upper line of a card says. */
const head = (node: Element) => node.querySelector('.jp-ThreadHead-what')!.textContent!.trim();

describe('the card of a thread', () => {
  it('is short until it is selected, by a click or by Enter', async () => {
    const messages = [message('Why?'), message('Because'), message('Ah')];
    const { node, threads, context, again } = await cardOf(shown('t', { messages }));
    const card = node.querySelector<HTMLElement>('article')!;
    expect(card.getAttribute('aria-label')).toBe('Comment by Ada on “the words”, 2 replies');
    expect(node.querySelectorAll('.jp-ThreadMessage')).toHaveLength(1);
    expect(node.textContent).toContain('2 replies');
    expect(node.querySelector('textarea')).toBeNull();
    expect(press(card, 'Enter').defaultPrevented).toBe(true);
    await again();
    expect(threads.selected).toBe('t');
    expect(context.goTo).toHaveBeenCalledWith('t');
    expect(node.querySelectorAll('.jp-ThreadMessage')).toHaveLength(3);
    expect(node.querySelector('textarea')?.getAttribute('aria-label')).toBe('Reply');
  });

  it('takes a reply, and keeps a draft of it', async () => {
    const page = await cardOf(shown('t'));
    await page.open();
    const field = page.node.querySelector('textarea')!;
    type(field, 'Because');
    await page.again();
    expect(page.threads.drafts.read({ kind: 'reply', threadId: 't' })).toBe('Because');
    press(field, 'Escape');
    expect(page.context.leave).toHaveBeenCalledOnce();
    press(field, 'Enter', { ctrlKey: true });
    await page.settle();
    expect(page.thread()?.messages.at(-1)?.body).toBe('Because');
    expect(page.threads.drafts.read({ kind: 'reply', threadId: 't' })).toBe('');
    expect(page.context.say).toHaveBeenCalledWith('Reply added');
  });

  it('takes a reply by its button, and the field has the focus for the next one', async () => {
    const page = await cardOf(shown('t'));
    await page.open();
    const field = page.node.querySelector('textarea')!;
    type(field, 'Because');
    await page.again();
    const send = button(page.node, 'Reply');
    send.focus();
    send.click();
    await page.settle();
    expect(page.thread()?.messages.at(-1)?.body).toBe('Because');
    expect([document.activeElement, field.value]).toEqual([field, '']);
  });

  it('offers what the role allows', async () => {
    const suggestion = shown('t', { kind: 'suggestion', replacement: 'others' });
    const offered = async (role: MemoryThreads['role']) => {
      const page = await cardOf(suggestion, role);
      await page.open();
      return labels(page.node);
    };
    expect(await offered('viewer')).toEqual(['Copy link to this']);
    expect(await offered('commenter')).toEqual(['Copy link to this']);
    expect(await offered('contributor')).toEqual(['Accept (Alt+A)', 'Reject', 'Copy link to this']);
    expect(await offered('admin')).toContain('Delete with all replies');
  });

  it('resolves and opens again', async () => {
    const page = await cardOf(shown('t'));
    await page.open();
    button(page.node, 'Resolve').click();
    await page.settle();
    expect(page.thread()?.state).toBe('resolved');
    expect(head(page.node)).toBe('Resolved by Me');
    expect(page.context.say).toHaveBeenCalledWith('Comment resolved');
    const again = button(page.node, 'Open again');
    expect(again.textContent).toContain('Open again');
    again.click();
    await page.settle();
    expect(page.thread()?.state).toBe('open');
    expect(head(page.node)).toBe('Comment');
  });

  it('has what one can do in a line of its own where the head has no room for it', async () => {
    const heads = async (first: ShownThread) =>
      (await cardOf(first)).node.querySelector('.jp-ThreadHead')!.classList.contains('jp-mod-full');
    const suggestion = { kind: 'suggestion', replacement: 'others' } as const;
    expect(await heads(shown('t'))).toBe(false);
    expect(await heads(shown('t', suggestion))).toBe(true);
    expect(await heads(shown('t', { state: 'resolved' }))).toBe(true);
    expect(await heads(shown('t', {}, { isOrphaned: true }))).toBe(true);
    const messages = [message('@me?', { mentions: ['me'] })];
    expect(await heads(shown('t', { messages }))).toBe(true);
  });

  it('tells who made a suggestion, and when, also without a message', async () => {
    const told = async (body: string) => {
      const messages = [message(body)];
      const { node } = await cardOf(
        shown('t', { kind: 'suggestion', replacement: 'others', messages })
      );
      return [...node.querySelector('.jp-ThreadMessage-head')!.children].map(
        ({ className, textContent }) => [className, textContent]
      );
    };
    const byline = await told('');
    expect(byline.map(([className]) => className)).toEqual([
      'jp-Spec-avatar',
      'jp-ThreadMessage-name',
      ''
    ]);
    expect(byline[1]![1]).toBe('Ada');
    expect(byline).toEqual(await told('Why not?'));
  });

  it('shows what a suggestion changes, with signs, and tells why it can’t be accepted', async () => {
    const page = await cardOf(shown('t', { kind: 'suggestion', replacement: 'others' }));
    expect(page.node.querySelector('del')?.textContent).toBe('the words');
    expect(page.node.querySelector('ins')?.textContent).toBe('others');
    expect(page.node.querySelector('.jp-ThreadChange')?.textContent).toContain('−');
    await page.open();
    page.threads.refusal = new SpecError('SUGGESTION_STALE', 'Stale.', 409);
    button(page.node, 'Accept (Alt+A)').click();
    await page.settle();
    expect(page.thread()?.state).toBe('open');
    expect(Notification.manager.notifications[0]?.message).toContain('were changed meanwhile');
    button(page.node, 'Accept (Alt+A)').click();
    await page.settle();
    expect(page.thread()?.state).toBe('accepted');
  });

  it('grows older while it is shown', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    const createdAt = new Date().toISOString();
    const { node, again } = await cardOf(
      shown('t', { messages: [message('Why?', { createdAt })] })
    );
    const age = () => node.querySelector('time')!.textContent;
    expect(age()).toBe('just now');
    vi.advanceTimersByTime(300_000);
    await again();
    expect(age()).toContain('5 min');
  });

  it('lets authors edit and delete their messages', async () => {
    const own = message('Wrong', { userId: 'me', userName: 'Me' });
    const page = await cardOf(shown('t', { messages: [message('Why?'), own] }));
    await page.open();
    expect(labels(page.node).filter(each => each === 'Edit this message')).toHaveLength(1);
    button(page.node, 'Edit this message').click();
    await page.again();
    type(page.node.querySelector('textarea')!, 'Right');
    await page.again();
    button(page.node, 'Save').click();
    await page.settle();
    expect(page.thread()?.messages[1]?.body).toBe('Right');
    expect(page.node.textContent).toContain('edited');
    button(page.node, 'Delete this message').click();
    await page.again();
    expect(document.activeElement?.textContent).toBe('Cancel');
    button(page.node, 'Delete').click();
    await page.settle();
    expect(page.node.textContent).toContain('This message was deleted.');
  });

  it('says that its words are gone, that it mentions one, and that it is not sent', async () => {
    const messages = [message('@me?', { mentions: ['me'] })];
    const { node } = await cardOf(
      shown('t', { messages }, { isOrphaned: true, isPending: true, pendingMessages: [] })
    );
    expect(node.querySelector('article')?.getAttribute('aria-label')).toBe(
      'Comment by Ada on “the words”, Its words are gone, mentions you, Not sent yet'
    );
    expect(node.textContent).toContain('Its words are gone');
    expect(node.textContent).toContain('@ you');
  });

  it('keeps what the server refused, with the reason and what to do', async () => {
    const page = await cardOf(shown('t'));
    const error = new SpecError('FORBIDDEN', 'No.', 403);
    const refused = {
      callId: 'c',
      threadId: 't',
      kind: 'reply' as const,
      body: 'Kept words',
      replacement: null,
      quote: null,
      error
    };
    page.threads.refused = [refused];
    page.threads.changed.tell('threads');
    await page.again();
    expect(page.node.querySelector('[role="alert"]')?.textContent).toContain('Kept words');
    const retry = vi.spyOn(page.threads, 'retry');
    button(page.node, 'Try again').click();
    expect(retry).toHaveBeenCalledWith('c');
    await page.again();
    expect(page.node.querySelector('[role="alert"]')).toBeNull();
  });
});
