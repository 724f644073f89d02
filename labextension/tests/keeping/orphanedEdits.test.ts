// @vitest-environment node
/** Stored edits whose page has ended: another page sends them, or they are rescued. */
import { describe, expect, it } from 'vitest';

import { OrphanedEdits, Rescues } from '../../src/keeping';
import { SpecConnection } from '../../src/session';
import {
  append,
  Browser,
  connectPage,
  contentOf,
  isSynchronised,
  Server,
  type User,
  userOf,
  Wire,
  World
} from '../kit';

const ANN = userOf('Ann');
const BOB = userOf('Bob');

/** A browser in which Ann has typed without a network, and whose page has ended. */
function left(): { world: World; server: Server; browser: Browser } {
  const world = new World();
  const server = new Server(world, 'Hello');
  const browser = new Browser(world);
  const page = browser.page();
  const ann = connectPage(page, new Wire(world, server, ANN));
  world.runUntil(() => isSynchronised(ann));
  ann.wire.isDown = true;
  ann.wire.cut();
  append(ann, ' Ann');
  world.run(1_000);
  page.leave();
  return { world, server, browser };
}

/** A page in which no spec is open. */
function idlePage({ world, server, browser }: ReturnType<typeof left>, user: User): Wire {
  const page = browser.page();
  const wire = new Wire(world, server, user);
  const { environment } = page;
  new OrphanedEdits({
    keeping: page,
    environment,
    server: 'server',
    userId: () => user.userId,
    isJoined: () => false,
    isReachable: () => true,
    send: (specId, inheritance, gone) =>
      SpecConnection.adopt({
        specId,
        openTransport: wire.open,
        environment,
        keeping: page,
        inheritance,
        gone
      })
  });
  return wire;
}

describe('edits whose page has ended', () => {
  it('are sent once by another page, however many pages find them', () => {
    const all = left();
    const wires = [1, 2, 3].map(() => idlePage(all, ANN));
    all.world.run(19_000);
    expect(all.server.text.toString()).toBe('Hello');
    all.world.run(300_000);
    expect(all.server.text.toString()).toBe('Hello Ann');
    expect(all.browser.kept.size).toBe(0);
    expect(all.server.sessions).toEqual([]);
    expect(wires.reduce((sum, { connections }) => sum + connections, 0)).toBe(1);
  });

  it('are sent once there is a network', () => {
    const all = left();
    const wire = idlePage(all, ANN);
    wire.isDown = true;
    all.world.run(300_000);
    expect(all.browser.kept.size).toBe(1);
    wire.isDown = false;
    all.world.run(60_000);
    expect(all.server.text.toString()).toBe('Hello Ann');
  });

  it('of another user are rescued, and sent when that user logs in again', () => {
    const all = left();
    idlePage(all, BOB);
    all.world.run(300_000);
    expect(all.server.text.toString()).toBe('Hello');
    const rescues = new Rescues(all.browser.page().editStorage, 'server');
    rescues.refresh();
    expect(rescues.list.map(({ text }) => text)).toEqual(['Hello Ann']);
    idlePage(all, ANN);
    all.world.run(300_000);
    expect(all.server.text.toString()).toBe('Hello Ann');
    rescues.refresh();
    expect(rescues.list).toEqual([]);
  });

  it('are taken over by a page that opens their spec first', () => {
    const all = left();
    idlePage(all, ANN);
    const ann = connectPage(all.browser.page(), new Wire(all.world, all.server, ANN));
    all.world.run(1_000);
    expect(contentOf(ann)).toBe('Hello Ann');
    all.world.run(300_000);
    expect(all.server.text.toString()).toBe('Hello Ann');
  });
});

describe('rescued edits', () => {
  it('stay until they are discarded, and notify the page when they arrive', () => {
    const all = left();
    const rescues = new Rescues(all.browser.page().editStorage, 'server');
    const arrived: string[] = [];
    rescues.onArrival(({ text }) => arrived.push(text));
    rescues.refresh();
    idlePage(all, BOB);
    all.world.run(300_000);
    rescues.refresh();
    rescues.refresh();
    expect(arrived).toEqual(['Hello Ann']);
    rescues.discard(rescues.list[0]!);
    expect(rescues.list).toEqual([]);
    expect(all.browser.kept.size).toBe(0);
  });
});
