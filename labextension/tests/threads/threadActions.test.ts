import '../kit/lab';

import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { beforeEach, expect, it, vi } from 'vitest';

import { SpecError } from '../../src/server/error';
import { setAll } from '../../src/threads/threadActions';
import { MemoryThreads } from './memoryThreads';
import { shown } from './threads';

beforeEach(() => Notification.dismiss());

function scene() {
  const by = (id: string, createdBy: string) =>
    shown(id, { kind: 'suggestion', replacement: 'x', createdBy });
  const threads = new MemoryThreads([by('a', 'grace'), by('b', 'grace'), by('c', 'ada')]);
  const say = vi.fn<(sentence: string) => void>();
  return { threads, say, context: { threads, say, trans: nullTranslator.load('') } };
}

const states = ({ all }: MemoryThreads) => all.map(({ thread }) => thread.state);
const notes = () => Notification.manager.notifications.map(({ message }) => message);

it('all suggestions of one person are accepted, or rejected', async () => {
  const one = scene();
  expect(await setAll(one.context, 'grace', 'accepted')).toBe(2);
  expect(states(one.threads)).toEqual(['accepted', 'accepted', 'open']);
  const other = scene();
  expect(await setAll(other.context, 'ada', 'rejected')).toBe(1);
  expect(states(other.threads)).toEqual(['open', 'open', 'rejected']);
  expect(other.say).toHaveBeenCalledWith('1 suggestion rejected');
  expect(notes()).toEqual([]);
});

it('those that can’t be accepted stay open, and that is told once', async () => {
  const { threads, context, say } = scene();
  threads.refusal = new SpecError('SUGGESTION_STALE', '', 409);
  expect(await setAll(context, 'grace', 'accepted')).toBe(1);
  expect(states(threads)).toEqual(['open', 'accepted', 'open']);
  expect(say).toHaveBeenCalledWith('1 suggestion accepted');
  expect(notes()).toHaveLength(1);
  expect(notes()[0]).toContain('1 suggestion stays open. The words that this suggestion is about');
  vi.spyOn(threads, 'accept').mockRejectedValue(new SpecError(SpecError.UNREACHABLE, ''));
  threads.all = scene().threads.all;
  expect(await setAll(context, 'grace', 'accepted')).toBe(0);
  expect(notes()).toHaveLength(2);
});

it('all that are rejected are on their way before the first one has arrived', async () => {
  const { threads, context } = scene();
  const arrived: (() => void)[] = [];
  const setState = vi
    .spyOn(threads, 'setState')
    .mockImplementation(() => new Promise(resolve => arrived.push(resolve)));
  const done = setAll(context, 'grace', 'rejected');
  expect(setState.mock.calls).toEqual([
    ['a', 'rejected'],
    ['b', 'rejected']
  ]);
  arrived.forEach(resolve => resolve());
  expect(await done).toBe(2);
});
