// @vitest-environment node
import { nullTranslator } from '@jupyterlab/translation';
import { expect, it } from 'vitest';

import { OpenThreads } from '../../src/threads/openThreads';
import { connect, isSynchronised, Server, userOf, World } from '../kit';
import { MemoryClaims, MemoryStorage } from './memoryBrowser';
import { ThreadServer } from './threadServer';

/** Where “quick” is. */
const QUICK = { start: 4, end: 9 };

/** A page in which Ada has a spec open, with a server that has a comment on it. */
async function page() {
  const world = new World(1);
  const server = new Server(world, 'The quick brown fox');
  const desk = new ThreadServer(server);
  const [ada, grace] = ['Ada', 'Grace'].map(userOf);
  const { connection, wire } = connect(world, server, ada);
  const storage = new MemoryStorage();
  const open = new OpenThreads({
    api: desk.over(wire, ada!),
    environment: world.environment,
    storage,
    claims: new MemoryClaims().page().claims,
    server: 'https://lab/',
    trans: nullTranslator.load('')
  });
  const run = async (duration: number) => {
    for (let left = duration; left > 0; left -= 50) {
      world.run(Math.min(left, 50));
      for (let turn = 0; turn < 8; turn++) {
        await Promise.resolve();
      }
    }
  };
  world.runUntil(() => isSynchronised({ connection, wire }));
  const say = (threadId: string, body: string) =>
    desk.open(grace!, { threadId, kind: 'comment', ...QUICK, version: server.version, body });
  say('first', 'How quick?');
  return { connection, wire, open, desk, run, say, storage };
}

it('all views of a spec have the same threads, until the last one is closed', async () => {
  const { connection, open, run, say } = await page();
  const threads = open.begin(connection);
  expect(open.begin(connection)).toBe(threads);
  await run(500);
  expect(threads.all).toHaveLength(1);
  open.end(connection);
  say('second', 'And now?');
  await run(500);
  expect(threads.all).toHaveLength(2);
  open.end(connection);
  say('third', 'Too late?');
  await run(500);
  expect(threads.all).toHaveLength(2);
  open.end(connection); // once too often
  const others = open.begin(connection);
  expect(others).not.toBe(threads);
  await run(500);
  expect(others.all).toHaveLength(3);
});

it('what is on its way is sent to the end, though the last view is closed', async () => {
  const { connection, wire, open, desk, run, say, storage } = await page();
  const threads = open.begin(connection);
  await run(500);
  wire.weather = { latency: [400, 400] };
  threads.comment({ start: 10, end: 15 }, 'How brown?');
  open.end(connection);
  expect(storage.items.size).toBe(1);
  await run(2_000);
  expect(desk.written).toEqual(['How quick?', 'How brown?']);
  expect(storage.items.size).toBe(0);
  // It has ended by then.
  const known = threads.all.length;
  say('third', 'Too late?');
  await run(2_000);
  expect(threads.all).toHaveLength(known);
});

it('a view that is opened meanwhile has the same threads, with what is on its way', async () => {
  const { connection, wire, open, desk, run, say } = await page();
  const threads = open.begin(connection);
  await run(500);
  wire.weather = { latency: [400, 400] };
  const { threadId } = threads.comment({ start: 10, end: 15 }, 'How brown?');
  open.end(connection);
  expect(open.begin(connection)).toBe(threads);
  expect(threads.find(threadId)?.isPending).toBe(true);
  await run(2_000);
  expect(desk.written).toContain('How brown?');
  say('third', 'Still here?');
  await run(2_000);
  expect(threads.all).toHaveLength(3);
});
