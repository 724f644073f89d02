// @vitest-environment node
/** The threads of an open spec over a bad network: they are the server's, and what a user did is done once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SpecError } from '../../src/server/error';
import { Operation } from '../../src/text';
import type { ShownThread } from '../../src/threads/specThreads';
import { append, isSynchronised, userOf, type World } from '../kit';
import { seeds } from '../kit/storm';
import { meeting, type Reader } from './readers';

const RUNS = Number(process.env.THREAD_RUNS ?? 30);
/** The quoted words of each thread, as they are in the reader's text. */
function passages({ threads, connection }: Reader): (string | null)[] {
  const text = connection.document.toString();
  return threads.all.map(({ range }) => range && text.slice(range.start, range.end));
}

function said({ thread: { threadId, state, messages, replacement } }: ShownThread) {
  const words = messages.map(({ messageId, body, deleted }) => [messageId, body, deleted ?? false]);
  return { threadId, state, words, replacement: replacement ?? null };
}

describe('threads of an open spec', () => {
  it('are shown at once, and to everybody as soon as the server has them', async () => {
    const { ada, grace, desk, run } = await meeting();
    const { threadId } = ada.threads.comment({ start: 4, end: 9 }, 'How quick?');
    expect(ada.threads.find(threadId)).toMatchObject({
      isPending: true,
      pendingMessages: [threadId],
      range: { start: 4, end: 9 }
    });
    await run(500);
    expect(ada.threads.find(threadId)).toMatchObject({ isPending: false, pendingMessages: [] });
    expect(passages(grace)).toEqual(['quick']);
    const reply = grace.threads.reply(threadId, 'Very, @Ada');
    await run(500);
    await reply;
    expect(ada.threads.unreadMentions).toEqual([threadId]);
    expect(ada.threads.find(threadId)!.thread.messages.map(({ body }) => body)).toEqual([
      'How quick?',
      'Very, @Ada'
    ]);
    expect(desk.deeds).toBe(2);
  });

  it('stay on their words, also over letters that the server does not have', async () => {
    const { ada, grace, run } = await meeting();
    ada.threads.comment({ start: 4, end: 9 }, 'How quick?');
    await run(500);
    append(grace.client, '!');
    grace.connection.edit(operation(0, 'So: '));
    expect(passages(grace)).toEqual(['quick']);
    await run(500);
    expect(passages(ada)).toEqual(['quick']);
    grace.connection.edit(operation(8, '', 5));
    expect(grace.threads.all[0]).toMatchObject({ isOrphaned: true, range: { start: 8, end: 8 } });
    await run(500);
    expect(ada.threads.all[0].isOrphaned).toBe(true);
    grace.connection.undo();
    await run(500);
    expect([passages(ada), passages(grace)]).toEqual([['quick'], ['quick']]);
  });

  it('on letters that are not acknowledged wait for that', async () => {
    const { ada, grace, desk, run, server } = await meeting();
    server.ignoresOperations = true;
    ada.connection.edit(operation(4, 'very '));
    ada.threads.comment({ start: 4, end: 14 }, 'Is it?');
    grace.connection.edit(operation(0, '>> '));
    await run(2_000);
    expect(desk.all).toEqual([]);
    expect(passages(ada)).toEqual(['very quick']);
    server.ignoresOperations = false;
    [ada, grace].forEach(({ client: { wire } }) => wire.cut());
    await run(30_000);
    expect(desk.all).toHaveLength(1);
    expect([passages(ada), passages(grace)]).toEqual([['very quick'], ['very quick']]);
  });

  it('are kept while offline, and over a reload, and sent once', async () => {
    const { ada, grace, desk, run } = await meeting();
    ada.client.wire.isDown = true;
    ada.client.wire.cut();
    await run(100);
    const { threadId } = ada.threads.suggest({ start: 4, end: 9 }, 'slow', 'Foxes sleep.');
    ada.threads.reply(threadId, 'Mostly.').catch(() => undefined);
    await run(5_000);
    ada.reload();
    expect(ada.threads.find(threadId)).toMatchObject({
      isPending: true,
      range: { start: 4, end: 9 },
      thread: { replacement: 'slow' }
    });
    ada.client.wire.isDown = false;
    await run(60_000);
    expect(desk.written).toEqual(['Foxes sleep.', 'Mostly.']);
    expect(ada.storage.items.size).toBe(0);
    expect(passages(grace)).toEqual(['quick']);
  });

  it('that are withdrawn before the server was told are never sent', async () => {
    const { ada, desk, run } = await meeting();
    ada.client.wire.isDown = true;
    ada.client.wire.cut();
    await run(100);
    const { threadId, sent } = ada.threads.comment({ start: 4, end: 9 }, 'No.');
    await ada.threads.remove(threadId);
    await sent;
    expect(ada.threads.all).toEqual([]);
    ada.client.wire.isDown = false;
    await run(60_000);
    expect(desk.deeds).toBe(0);
  });

  it('tell why the server refused, and keep the text until it is discarded', async () => {
    const { ada, grace, desk, run } = await meeting();
    const { threadId } = ada.threads.comment({ start: 4, end: 9 }, 'How quick?');
    await run(500);
    const { wire } = grace.client;
    wire.isDown = true;
    wire.cut();
    await run(100);
    const reply = grace.threads.reply(threadId, 'Quite.');
    desk.remove(threadId);
    wire.isDown = false;
    const [error] = await Promise.all([reply.catch((reason: unknown) => reason), run(60_000)]);
    expect((error as SpecError).code).toBe('THREAD_NOT_FOUND');
    const [refused] = grace.threads.refused;
    expect(refused).toMatchObject({ threadId, kind: 'reply', body: 'Quite.' });
    grace.threads.discard(refused.callId);
    expect(grace.threads.refused).toEqual([]);
    expect(grace.storage.items.size).toBe(0);
  });

  it('whose words go before they are sent are refused, with what was written', async () => {
    const { ada, server, run } = await meeting();
    server.ignoresOperations = true;
    ada.connection.edit(operation(4, 'very '));
    const { sent } = ada.threads.comment({ start: 4, end: 8 }, 'Is it?');
    ada.connection.edit(operation(4, '', 5));
    const error = await sent.catch((reason: unknown) => reason);
    expect((error as SpecError).code).toBe('PASSAGE_GONE');
    expect(ada.threads.refused).toMatchObject([{ body: 'Is it?', quote: 'very' }]);
    await run(100);
  });

  it('are not accepted later than it was asked for', async () => {
    const { ada, run } = await meeting();
    ada.client.wire.isDown = true;
    ada.client.wire.cut();
    await run(100);
    await expect(ada.threads.accept('any')).rejects.toMatchObject({ code: SpecError.UNREACHABLE });
  });

  it('that are closed are found when they are asked for', async () => {
    const { ada, grace, run, reader } = await meeting();
    const { threadId } = ada.threads.comment({ start: 4, end: 9 }, 'How quick?');
    await run(500);
    const resolved = grace.threads.setState(threadId, 'resolved');
    await run(500);
    await resolved;
    const eve = reader(userOf('Eve'));
    await run(2_000);
    expect(eve.threads.isReady).toBe(true);
    expect([eve.threads.all, eve.threads.hasMoreClosed]).toEqual([[], true]);
    const loaded = eve.threads.loadClosed();
    await run(500);
    await loaded;
    expect(eve.threads.hasMoreClosed).toBe(false);
    expect(eve.threads.find(threadId)?.thread.state).toBe('resolved');
  });

  it('are those of another history after a backup was restored', async () => {
    const { ada, server, desk, run } = await meeting();
    ada.threads.comment({ start: 4, end: 9 }, 'How quick?');
    await run(500);
    ada.client.wire.cut();
    server.restore('Another text', 1);
    [...desk.all].forEach(({ threadId }) => desk.remove(threadId));
    await run(30_000);
    expect(ada.threads.isReady).toBe(true);
    expect(ada.threads.all).toEqual([]);
  });

  it('that are not sent stay on their words when the server has lost some of its threads', async () => {
    const { ada, desk, run } = await meeting();
    ada.threads.comment({ start: 4, end: 9 }, 'How quick?');
    await run(500);
    ada.client.wire.isDown = true;
    ada.client.wire.cut();
    await run(100);
    ada.threads.comment({ start: 10, end: 15 }, 'How brown?');
    ada.client.wire.weather = { latency: [3_000, 3_000] };
    ada.client.wire.isDown = false;
    desk.forget();
    // Joined, and the comment on its way.
    await run(20_000);
    ada.client.wire.weather = { latency: [5, 5] };
    await run(20_000);
    expect(ada.threads.all.map(({ thread: { messages } }) => messages[0].body)).toEqual([
      'How brown?'
    ]);
    expect(passages(ada)).toEqual(['brown']);
  });

  it('are the same objects while nothing of them changes', async () => {
    const { ada, grace, run } = await meeting();
    ada.threads.comment({ start: 0, end: 3 }, 'One');
    ada.threads.comment({ start: 10, end: 15 }, 'Two');
    await run(500);
    const [one, two] = grace.threads.all;
    append(grace.client, '!');
    expect(grace.threads.all).toEqual([one, two]);
    expect(grace.threads.all[0]).toBe(one);
    grace.connection.edit(operation(5, 'x'));
    expect(grace.threads.all[0]).toBe(one);
    expect(grace.threads.all[1].thread).toBe(two.thread);
    expect(grace.threads.all[1].range).toEqual({ start: 11, end: 16 });
  });

  it(
    'are the server’s after any storm, and every deed is done once',
    { timeout: 3_600_000 },
    async () => {
      let threads = 0;
      await fc.assert(
        fc.asyncProperty(seeds, async seed => {
          const { world, server, desk, run, ada, grace } = await meeting(
            'One two three four',
            seed
          );
          const { chance } = world;
          const readers = [ada, grace];
          const bodies: string[] = [];
          const deleted = new Set<string>();
          for (const { client } of readers) {
            client.wire.weather = { latency: [2, 300], lost: 0.1, duplicates: 0.1 };
          }
          for (let step = 0; step < 60; step++) {
            act(chance.pick(readers), chance, bodies, deleted);
            await run(chance.between(0, 400));
          }
          for (const { client } of readers) {
            client.wire.isDown = false;
            client.wire.weather = { latency: [2, 40] };
          }
          await run(200_000);
          const text = server.text;
          const expected = desk.all.filter(({ state }) => state === 'open');
          threads += expected.length;
          for (const reader of readers) {
            expect(isSynchronised(reader.client)).toBe(true);
            const open = reader.threads.all.filter(({ thread }) => thread.state === 'open');
            expect(byId(open.map(said))).toEqual(byId(expected.map(asSaid)));
            for (const { thread, range, isOrphaned, isPending, pendingMessages } of open) {
              const { start, end, orphaned } = desk.find(thread.threadId).anchor;
              expect(range).toEqual({ start: text.utf16Of(start), end: text.utf16Of(end) });
              expect([isOrphaned, isPending, pendingMessages]).toEqual([orphaned, false, []]);
            }
            expect(reader.threads.isBusy).toBe(false);
          }
          // What was refused, since its thread or its words were gone, is kept and told.
          const refused = readers.flatMap(({ threads: { refused } }) =>
            refused.map(({ body }) => body)
          );
          expect(desk.written).toEqual([...new Set(desk.written)]);
          const known = new Set([...desk.written, ...refused, ...deleted]);
          expect(bodies.filter(body => !known.has(body))).toEqual([]);
        }),
        { numRuns: RUNS }
      );
      console.log(`${RUNS} runs, ${threads} open threads in the end`);
      expect(threads).toBeGreaterThan(RUNS);
    }
  );
});

/** Makes a reader do something. `deleted` are the bodies that may never arrive, since their thread is deleted. */
function act(
  reader: Reader,
  chance: World['chance'],
  bodies: string[],
  deleted: Set<string>
): void {
  const { client, connection } = reader;
  const { threads } = reader;
  const { document } = connection;
  const [start, end] = [0, 1]
    .map(() => document.utf16Of(chance.between(0, document.length)))
    .sort((one, other) => one - other);
  const body = `${bodies.length} words`;
  const some = threads.all.length > 0 ? chance.pick(threads.all) : null;
  const kind = chance.next();
  const quiet = (work: Promise<void>) => {
    work.catch(() => undefined);
  };
  if (kind < 0.3) {
    const at = chance.between(0, document.length);
    const removed = chance.between(0, Math.min(6, document.length - at));
    connection.edit(operation(at, chance.pick(['', 'x', 'new ', '🎉']), removed));
  } else if (kind < 0.5 && start < end) {
    threads.comment({ start, end }, body);
    bodies.push(body);
  } else if (kind < 0.6) {
    threads.suggest({ start, end }, 'other', body);
    bodies.push(body);
  } else if (kind < 0.75 && some) {
    quiet(threads.reply(some.thread.threadId, body));
    bodies.push(body);
  } else if (kind < 0.8 && some?.thread.kind === 'comment') {
    quiet(threads.setState(some.thread.threadId, 'resolved'));
  } else if (kind < 0.83 && some) {
    some.thread.messages.forEach(message => deleted.add(message.body));
    quiet(threads.remove(some.thread.threadId));
  } else if (kind < 0.86) {
    reader.reload();
  } else if (kind < 0.95) {
    client.wire.cut(chance.pick([1006, 1001, 4008]));
  } else {
    client.wire.isDown = !client.wire.isDown;
    client.wire.cut();
  }
}

function asSaid(thread: ShownThread['thread']) {
  return said({ thread } as ShownThread);
}

function byId<Each extends { readonly threadId: string }>(all: readonly Each[]): Each[] {
  return [...all].sort((one, other) => one.threadId.localeCompare(other.threadId));
}

function operation(at: number, insert: string, removed = 0): Operation {
  return Operation.of(at, insert, -removed);
}
