import '../kit/lab';

import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { MentionNotes } from '../../src/threads/mentionNotes';
import { MemoryStorage, MemoryThreads } from './memoryThreads';
import { message, shown } from './threads';

const NOW = Date.parse('2026-01-05T10:00:30Z');

beforeEach(() => Notification.dismiss());

const told = () => Notification.manager.notifications.map(each => each.message);

function notesOf(storage = new MemoryStorage(), now = NOW) {
  const [show, openSpec] = [vi.fn(), vi.fn()];
  const trans = nullTranslator.load('');
  const notes = new MentionNotes({ storage, trans, now: () => now, show, openSpec });
  return { notes, storage, show, openSpec };
}

const mentioned = (messageId: string, body = '@me, please look') =>
  shown(messageId, { messages: [message(body, { messageId, mentions: ['me'] })] });

describe('who is mentioned', () => {
  it('is told once, also after the page was loaded anew', () => {
    const { notes, storage, show } = notesOf();
    const threads = new MemoryThreads([mentioned('a')]);
    notes.look('spec', 'Churn', threads);
    notes.look('spec', 'Churn', threads);
    notesOf(storage).notes.look('spec', 'Churn', threads);
    expect(told()).toEqual(['Ada mentions you in “Churn”: @me, please look']);
    const [note] = Notification.manager.notifications;
    expect(note?.options.autoClose).toBeGreaterThan(0);
    note?.options.actions?.[0]?.callback(new MouseEvent('click'));
    expect(show).toHaveBeenCalledWith('spec', 'a');
    threads.all = [mentioned('a'), mentioned('b')];
    notes.look('spec', 'Churn', threads);
    expect(told()).toHaveLength(2);
  });

  it('is told in words as they are read', () => {
    const { notes } = notesOf();
    notes.look('spec', 'Churn', new MemoryThreads([mentioned('a', 'Which? @"Grace Hopper"')]));
    expect(told()).toEqual(['Ada mentions you in “Churn”: Which? @Grace Hopper']);
  });

  it('is told quietly of what is older, and not of what they look at', () => {
    const { notes } = notesOf(undefined, NOW + 3_600_000);
    const threads = new MemoryThreads([mentioned('a'), mentioned('b')]);
    threads.selected = 'b';
    notes.look('spec', 'Churn', threads);
    expect(told()).toHaveLength(1);
    expect(Notification.manager.notifications[0]?.options.autoClose).toBe(0);
  });

  it('is told of a spec that is not open when it has more mentions than before', () => {
    const { notes, storage, openSpec } = notesOf();
    const heard = (mentions: number, by = notes) =>
      by.heard({ specId: 'spec', title: 'Churn', mentions });
    heard(1);
    heard(1, notesOf(storage).notes);
    expect(told()).toEqual(['You are mentioned in “Churn”.']);
    Notification.manager.notifications[0]?.options.actions?.[0]?.callback(new MouseEvent('click'));
    expect(openSpec).toHaveBeenCalledWith('spec', 'Churn');
    heard(0);
    heard(2);
    expect(told()[0]).toBe('You are mentioned 2 times in “Churn”.');
  });

  it('is not told again by the list of what an open spec has told', () => {
    const { notes } = notesOf();
    notes.look('spec', 'Churn', new MemoryThreads([mentioned('a')]));
    notes.heard({ specId: 'spec', title: 'Churn', mentions: 1 });
    expect(told()).toHaveLength(1);
  });
});
