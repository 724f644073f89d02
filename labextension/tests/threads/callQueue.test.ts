// @vitest-environment node
/** What a user did with threads is sent in order, until the server has it. */
import { describe, expect, it } from 'vitest';

import { SpecError } from '../../src/server/error';
import type { Thread } from '../../src/server/threads';
import { CallQueue } from '../../src/threads/callQueue';
import type { OpenCall, ReplyCall, ThreadCall } from '../../src/threads/calls';
import type { KeptCall } from '../../src/threads/keptCalls';
import { World } from '../kit';

const THREAD = { threadId: 't', messages: [] } as unknown as Thread;

function opening(threadId: string, isPlaced = true): OpenCall {
  const place = isPlaced ? { start: 0, end: 1, epoch: 'e', version: 1 } : null;
  const quoted = { quote: 'T', prefix: '', suffix: 'he' };
  return {
    ...{ kind: 'comment', callId: `open ${threadId}`, threadId, at: 0, body: 'Why?' },
    ...{ range: { start: 0, end: 1 }, place, ...quoted, replacement: null }
  };
}

function reply(threadId: string, body: string): ReplyCall {
  return { kind: 'reply', callId: body, threadId, messageId: body, at: 0, body };
}

function queued() {
  const world = new World();
  const kept = new Map<string, KeptCall>();
  const sent: ThreadCall[] = [];
  const done: string[] = [];
  /** Answers that the server is about to give, the next one first; by default it has the call. */
  const answers: (Thread | null | SpecError | 'never')[] = [];
  const flags = { canSend: true };
  const queue = new CallQueue({
    clock: world.environment,
    kept: {
      put: call => kept.set(call.call.callId, call),
      remove: callId => kept.delete(callId)
    },
    canSend: () => flags.canSend,
    send: call => {
      sent.push(call);
      const answer = answers.length > 0 ? answers.shift()! : THREAD;
      if (answer === 'never') {
        return new Promise(() => undefined);
      }
      return answer instanceof SpecError ? Promise.reject(answer) : Promise.resolve(answer);
    },
    done: ({ callId }) => done.push(callId),
    placedAnew: call => ({
      ...(call as OpenCall),
      place: { start: 1, end: 2, epoch: 'e', version: 9 }
    }),
    changed: () => undefined
  });
  const settle = async (duration = 0) => {
    for (let turn = 0; turn < 20; turn++) {
      world.run(duration / 20);
      await Promise.resolve();
    }
  };
  return { world, queue, kept, sent, done, answers, flags, settle };
}

const GONE = new SpecError('THREAD_NOT_FOUND', 'It is gone.', 404);
const AWAY = new SpecError(SpecError.UNREACHABLE, '');

describe('calls', () => {
  it('are sent one after the other, and kept until then', async () => {
    const { queue, kept, done, settle, flags } = queued();
    flags.canSend = false;
    const all = ['a', 'b', 'c'].map(body => queue.add(reply('t', body)));
    expect([...kept.keys()]).toEqual(['a', 'b', 'c']);
    flags.canSend = true;
    queue.pump();
    await settle();
    await Promise.all(all);
    expect([done, kept.size, queue.waiting]).toEqual([['a', 'b', 'c'], 0, []]);
  });

  it('that did not come to an end are sent again as they were, ever more seldom', async () => {
    const { queue, sent, done, answers, settle } = queued();
    answers.push(AWAY, new SpecError('STORE_UNAVAILABLE', '', 503), AWAY);
    const call = reply('t', 'a');
    const wait = queue.add(call);
    await settle(500);
    expect(sent).toHaveLength(1);
    await settle(10_000);
    await wait;
    expect(sent).toEqual([call, call, call, call]);
    expect(done).toEqual(['a']);
  });

  it('wait as long as the server asks', async () => {
    const { queue, sent, answers, settle } = queued();
    answers.push(new SpecError('RATE_LIMITED', '', 429, { retryAfterMs: 30_000 }));
    const wait = queue.add(reply('t', 'a'));
    await settle(20_000);
    expect(sent).toHaveLength(1);
    await settle(20_000);
    await wait;
    expect(sent).toHaveLength(2);
  });

  it('without an answer are sent again after the network was away', async () => {
    const { queue, sent, answers, settle } = queued();
    answers.push('never');
    const wait = queue.add(reply('t', 'a'));
    await settle(60_000);
    expect(sent).toHaveLength(1);
    queue.wake();
    await settle();
    await wait;
    expect(sent).toHaveLength(2);
  });

  it('in a new thread wait for it, and others do not', async () => {
    const { queue, done, settle } = queued();
    const all = [
      queue.add(opening('new', false)),
      queue.add(reply('new', 'a')),
      queue.add(reply('t', 'b'))
    ];
    await settle();
    expect(done).toEqual(['b']);
    queue.replace(opening('new'));
    queue.pump();
    await settle();
    await Promise.all(all);
    expect(done).toEqual(['b', 'open new', 'a']);
  });

  it('that the server refuses are kept with their texts, until they are sent again', async () => {
    const { queue, kept, answers, done, settle } = queued();
    answers.push(GONE);
    await expect(queue.add(reply('t', 'a'))).rejects.toBe(GONE);
    expect(queue.refused.map(({ error }) => error)).toEqual([GONE]);
    expect(kept.get('a')?.refusal?.code).toBe('THREAD_NOT_FOUND');
    queue.retry('a');
    await settle();
    expect([done, queue.refused, kept.size]).toEqual([['a'], [], 0]);
  });

  it('without a text of the user are given up when the server refuses', async () => {
    const { queue, kept, answers } = queued();
    answers.push(new SpecError('THREAD_CLOSED', '', 409));
    const call = { kind: 'state', callId: 's', threadId: 't', at: 0, state: 'resolved' } as const;
    await expect(queue.add(call)).rejects.toMatchObject({ code: 'THREAD_CLOSED' });
    expect([queue.refused, queue.waiting, kept.size]).toEqual([[], [], 0]);
  });

  it('in a thread that is refused are refused with it, and go with it', async () => {
    const { queue, kept, answers, settle } = queued();
    answers.push(new SpecError('THREAD_LIMIT', '', 429));
    const all = [queue.add(opening('new')), queue.add(reply('new', 'a'))];
    const outcomes = await Promise.all([Promise.allSettled(all), settle()]);
    expect(outcomes[0].map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(queue.refused).toHaveLength(2);
    queue.discard('open new');
    expect([queue.refused, kept.size]).toEqual([[], 0]);
  });

  it('with a range of a version that is too old are sent with another one', async () => {
    const { queue, sent, answers, settle } = queued();
    answers.push(new SpecError('VERSION_CONFLICT', '', 409));
    const wait = queue.add(opening('new'));
    await settle(5_000);
    await wait;
    expect(sent.map(call => (call as OpenCall).place?.version)).toEqual([1, 9]);
  });

  it('that the server shows to have are done, whatever was answered', async () => {
    const { queue, done, answers, sent, settle } = queued();
    answers.push(AWAY);
    const wait = queue.add(reply('t', 'a'));
    await settle();
    queue.met({ ...THREAD, messages: [{ messageId: 'a' }] } as unknown as Thread);
    await wait;
    await settle(60_000);
    expect([done, sent.length]).toEqual([['a'], 1]);
  });

  it('of an earlier page come first, and none comes twice', async () => {
    const { queue, done, settle, flags } = queued();
    flags.canSend = false;
    const wait = queue.add(reply('t', 'b'));
    const left = { call: reply('t', 'a'), wasSent: true, refusal: null };
    queue.adopt([left]);
    queue.adopt([left, { ...left, call: reply('t', 'b') }]);
    expect(queue.waiting.map(({ callId }) => callId)).toEqual(['a', 'b']);
    flags.canSend = true;
    queue.pump();
    await settle();
    await wait;
    expect(done).toEqual(['a', 'b']);
  });

  it('are sent no more after the end', async () => {
    const { queue, sent, flags, settle } = queued();
    flags.canSend = false;
    queue.add(reply('t', 'a')).catch(() => undefined);
    queue.close();
    flags.canSend = true;
    queue.pump();
    await settle(60_000);
    expect(sent).toEqual([]);
  });
});
