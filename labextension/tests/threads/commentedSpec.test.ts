import '../kit/lab';

import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { SpecDocument } from '../../src/document/document';
import { SpecError } from '../../src/server/error';
import { addThreadCommands } from '../../src/threads/commands';
import { CommentedSpec } from '../../src/threads/commentedSpec';
import { hasThread } from '../../src/threads/threadOfAddress';
import { CommandIDs } from '../../src/ui/commandIds';
import { clearDesks, desk } from '../editor/kit';
import { MemoryThreads } from './memoryThreads';
import { shown } from './threads';

const TEXT = 'The quick brown fox\n\njumps';

beforeEach(() => Notification.dismiss());
afterEach(clearDesks);

const at = (start: number, end: number) => ({ range: { start, end } });

/** A spec in the main area, of which something may be selected in the preview. */
function specOf(threads: MemoryThreads) {
  const { view } = desk(TEXT).ann;
  const preview = {
    selectedSource: null as { from: number; to: number } | null,
    showPosition: vi.fn()
  };
  const document = {
    content: { editor: view, preview },
    specId: 'spec'
  } as unknown as SpecDocument;
  return { spec: new CommentedSpec(document, threads), view, preview };
}

describe('a spec with comments', () => {
  it('selects the thread with the shortest passage at the caret, and none elsewhere', () => {
    const threads = new MemoryThreads([
      shown('all', {}, at(0, 19)),
      shown('word', {}, at(4, 9)),
      shown('old', { state: 'resolved' }, at(4, 6))
    ]);
    const { view } = specOf(threads);
    const caretTo = (anchor: number) =>
      view.dispatch({ selection: { anchor }, userEvent: 'select.pointer' });
    caretTo(5);
    expect(threads.selected).toBe('word');
    caretTo(12);
    expect(threads.selected).toBe('all');
    caretTo(20);
    expect(threads.selected).toBeNull();
  });

  it('is commented on what is selected, else on the word or the line at the caret', () => {
    const { spec, view, preview } = specOf(new MemoryThreads());
    const begun = (anchor: number, head = anchor) => {
      view.dispatch({ selection: { anchor, head } });
      expect(spec.begin('comment')).toBe(true);
      return spec.composing.current?.quote;
    };
    expect(begun(4, 9)).toBe('quick');
    expect(begun(10, 3)).toBe('quick'); // without the spaces
    expect(begun(6)).toBe('quick');
    preview.selectedSource = { from: 10, to: 15 };
    expect(begun(0)).toBe('brown');
    preview.selectedSource = null;
    view.dispatch({ selection: { anchor: 20 } });
    expect(spec.begin('comment')).toBe(false);
    expect(spec.begin('suggestion')).toBe(true);
    expect(spec.composing.current).toMatchObject({ start: 20, end: 20, quote: '' });
  });

  it('shows a passage without moving the caret', () => {
    const { spec, view, preview } = specOf(new MemoryThreads([shown('a', {}, at(21, 26))]));
    spec.goTo('a');
    expect(view.state.selection.main.head).toBe(0);
    expect(preview.showPosition).toHaveBeenCalledWith(21);
    spec.moveTo('a');
    expect(view.state.selection.main.head).toBe(21);
  });
});

describe('the commands', () => {
  function commandsOf(threads: MemoryThreads) {
    const commands = new CommandRegistry();
    const { spec, view } = specOf(threads);
    const services = {
      showSidebar: vi.fn(),
      showCard: vi.fn(),
      copyLink: vi.fn(),
      say: vi.fn<(sentence: string) => void>()
    };
    addThreadCommands({
      commands,
      palette: null,
      trans: nullTranslator.load(''),
      specOf: () => spec,
      find: async (_, threadId) => ((await hasThread(threads, threadId)) ? spec : null),
      ...services
    });
    return { commands, view, spec, ...services };
  }

  const suggestion = (id: string, start: number) =>
    shown(id, { kind: 'suggestion', replacement: 'x' }, at(start, start + 3));

  it('accept and reject the suggestion at the caret, and go on to the next one', async () => {
    const threads = new MemoryThreads([
      suggestion('a', 0),
      shown('comment', {}, at(4, 9)),
      suggestion('b', 10)
    ]);
    const { commands, say, view } = commandsOf(threads);
    await commands.execute(CommandIDs.acceptSuggestion);
    expect(threads.find('a')?.thread.state).toBe('accepted');
    expect(say).toHaveBeenCalledWith('Suggestion accepted');
    expect([threads.selected, view.state.selection.main.head]).toEqual(['b', 10]);
    await commands.execute(CommandIDs.rejectSuggestion);
    expect(threads.find('b')?.thread.state).toBe('rejected');
    expect(commands.isEnabled(CommandIDs.acceptSuggestion)).toBe(false);
  });

  it('tell why something was not done, and change nothing', async () => {
    const threads = new MemoryThreads([suggestion('a', 0)]);
    const { commands } = commandsOf(threads);
    threads.refusal = new SpecError('THREAD_CLOSED', '', 409);
    await commands.execute(CommandIDs.acceptSuggestion);
    expect(threads.find('a')?.thread.state).toBe('open');
    expect(Notification.manager.notifications[0]?.message).toContain('closed this suggestion');
  });

  it('go from one comment to the next, and say which', async () => {
    const threads = new MemoryThreads([shown('a', {}, at(0, 3)), shown('b', {}, at(4, 9))]);
    const { commands, say } = commandsOf(threads);
    await commands.execute(CommandIDs.nextComment);
    expect(threads.selected).toBe('a');
    await commands.execute(CommandIDs.nextComment);
    await commands.execute(CommandIDs.previousComment);
    expect(threads.selected).toBe('a');
    expect(say).toHaveBeenLastCalledWith('Comment by Ada on “the words”: Why?');
  });

  it('comment on what is selected; in a comment they go into it', async () => {
    const threads = new MemoryThreads([shown('a', {}, at(4, 9))]);
    const { commands, view, spec, showCard } = commandsOf(threads);
    view.dispatch({ selection: { anchor: 6 } });
    await commands.execute(CommandIDs.comment);
    expect([threads.selected, spec.composing.current]).toEqual(['a', null]);
    view.dispatch({ selection: { anchor: 10, head: 15 } });
    await commands.execute(CommandIDs.comment);
    expect(spec.composing.current?.quote).toBe('brown');
    expect(showCard).toHaveBeenCalledTimes(2);
    view.dispatch({ selection: { anchor: 20 } });
    await commands.execute(CommandIDs.comment);
    expect(Notification.manager.notifications[0]?.message).toContain('Select the words first');
  });

  it('show a suggestion that is not sent instead of a new one, and take no passage that is too long', async () => {
    const { commands, view, spec, showCard } = commandsOf(new MemoryThreads());
    const { composing } = spec;
    view.dispatch({ selection: { anchor: 4, head: 9 } });
    await commands.execute(CommandIDs.suggest);
    composing.write({ replacement: 'slow' });
    view.dispatch({ selection: { anchor: 10, head: 15 } });
    await commands.execute(CommandIDs.comment);
    const unsent = { quote: 'quick', replacement: 'slow' };
    expect(composing.current).toMatchObject(unsent);
    composing.close(); // left by Esc
    await commands.execute(CommandIDs.comment);
    expect(composing.current).toMatchObject(unsent);
    expect(showCard).toHaveBeenCalledTimes(3);
    composing.discard();
    view.dispatch({ changes: { from: 0, insert: 'x'.repeat(10_001) }, userEvent: 'input.paste' });
    view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } });
    await commands.execute(CommandIDs.suggest);
    expect(composing.current).toBeNull();
    expect(Notification.manager.notifications[0]?.message).toContain('Select fewer words');
    await commands.execute(CommandIDs.comment);
    expect(composing.current?.kind).toBe('comment');
  });

  it('are for those who may', () => {
    const threads = new MemoryThreads([suggestion('a', 0)]);
    threads.role = 'viewer';
    const { commands } = commandsOf(threads);
    for (const id of [CommandIDs.comment, CommandIDs.suggest, CommandIDs.acceptSuggestion]) {
      expect(commands.isEnabled(id)).toBe(false);
    }
    threads.role = 'commenter';
    expect(commands.isEnabled(CommandIDs.comment)).toBe(true);
    expect(commands.isEnabled(CommandIDs.acceptSuggestion)).toBe(false);
  });

  it('show the comment that an address names, also a closed one, or say that it is gone', async () => {
    const threads = new MemoryThreads();
    threads.closed = [shown('old', { state: 'resolved' }, at(0, 3))];
    const { commands, showCard } = commandsOf(threads);
    await commands.execute(CommandIDs.showThread, { specId: 'spec', threadId: 'old' });
    expect(threads.selected).toBe('old');
    expect(showCard).toHaveBeenCalledOnce();
    await commands.execute(CommandIDs.showThread, { specId: 'spec', threadId: 'none' });
    expect(Notification.manager.notifications[0]?.message).toContain('was deleted');
  });
});
