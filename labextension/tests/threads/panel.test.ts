import '../kit/lab';

import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { afterEach, expect, it, vi } from 'vitest';

import { SpecError } from '../../src/server/error';
import type { CommentedSpec } from '../../src/threads/commentedSpec';
import { Composing } from '../../src/threads/composing';
import { ThreadsPanel } from '../../src/threads/panel';
import { CommentsView } from '../../src/threads/sidebar/commentsView';
import { clearDesks, desk } from '../editor/kit';
import { eventually } from '../kit/eventually';
import { button, contextOf, trans } from './context';
import { MemoryThreads } from './memoryThreads';
import { shown } from './threads';

afterEach(clearDesks);

it('the panel loads its list when it is shown first, and lists the spec that was chosen meanwhile', async () => {
  const { view } = desk('The text').ann;
  const specOf = (threadId: string) => {
    const threads = new MemoryThreads([shown(threadId)]);
    const listed = { context: contextOf(threads), composing: new Composing(view, threads) };
    return { listed, spec: { threads } as unknown as CommentedSpec };
  };
  const [first, second] = [specOf('first'), specOf('second')];
  let load: () => void = () => undefined;
  const makeView = vi.fn(
    () =>
      new Promise<CommentsView>(resolve => {
        load = () => resolve(new CommentsView({ trans, showSpecs: vi.fn(), comment: vi.fn() }));
      })
  );
  const panel = new ThreadsPanel({
    commands: new CommandRegistry(),
    trans,
    makeView,
    listed: async spec => [first, second].find(each => each.spec === spec)!.listed
  });
  const changed = vi.fn();
  panel.changed.connect(changed);
  panel.hide();
  Widget.attach(panel, document.body);
  panel.spec = first.spec;
  expect(makeView).not.toHaveBeenCalled();
  panel.show();
  expect(makeView).toHaveBeenCalledOnce();
  panel.spec = second.spec;
  load();
  const cards = () =>
    [...panel.node.querySelectorAll('article')].map(each => each.dataset['specThread']);
  await eventually(() => {
    MessageLoop.flush();
    expect(cards()).toEqual(['second']);
  });
  MessageLoop.sendMessage(panel, Widget.Msg.ActivateRequest);
  await eventually(() =>
    expect((document.activeElement as HTMLElement).dataset['specThread']).toBe('second')
  );
  panel.hide();
  await eventually(() => {
    MessageLoop.flush();
    expect(cards()).toEqual([]);
  });
  expect(makeView).toHaveBeenCalledOnce();
  expect(changed.mock.calls.length).toBeGreaterThanOrEqual(4);
  panel.dispose();
});

it('the panel tells in its place that the list did not come, and tries again when it is asked to', async () => {
  const threads = new MemoryThreads([shown('first')]);
  const { view } = desk('The text').ann;
  const listed = { context: contextOf(threads), composing: new Composing(view, threads) };
  const makeView = vi
    .fn(async () => new CommentsView({ trans, showSpecs: vi.fn(), comment: vi.fn() }))
    .mockRejectedValueOnce(new SpecError(SpecError.UNREACHABLE, ''));
  const list = vi
    .fn(async () => listed)
    .mockRejectedValueOnce(new SpecError(SpecError.UNREACHABLE, ''));
  const commands = new CommandRegistry();
  const panel = new ThreadsPanel({ commands, trans, makeView, listed: list });
  panel.spec = { threads } as unknown as CommentedSpec;
  Widget.attach(panel, document.body);
  const alert = () => panel.node.querySelector('[role="alert"]');
  for (const calls of [1, 2]) {
    await eventually(() => expect(alert()?.textContent).toContain('can’t be reached'));
    expect(makeView).toHaveBeenCalledTimes(calls);
    const again = button(panel.node, 'Try again');
    again.focus();
    again.click();
    await eventually(() => expect(again.isConnected).toBe(false));
  }
  await eventually(() => {
    MessageLoop.flush();
    expect(document.activeElement?.getAttribute('data-spec-thread')).toBe('first');
  });
  expect(alert()).toBeNull();
  panel.dispose();
});
