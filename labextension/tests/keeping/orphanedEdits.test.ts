// @vitest-environment node
/** Stored edits whose page has ended: another page sends them, or they are rescued. */
import { describe, expect, it } from 'vitest';

import { OrphanedEdits, Rescues } from '../../src/keeping';
import { SpecConnection } from '../../src/session';
import {
  append,
  Browser,
  type Client,
  contentOf,
  isSynchronised,
  type Page,
  Server,
  type User,
  userOf,
  Wire,
  World
} from '../kit';

const ANN = userOf('Ann');
const BOB = userOf('Bob');

/** A world with two specs, and one browser in it. */
interface Desk {
  readonly world: World;
  /** The server of the first spec, “spec”. */
  readonly server: Server;
  /** That of the other one. */
  readonly other: Server;
  readonly browser: Browser;
}

function desk(): Desk {
  const world = new World();
  const [server, other] = [new Server(world, 'Hello'), new Server(world, 'Other')];
  const browser = new Browser(world);
  browser.releasesAfter = 1; // as a browser's locks, which are released some time after a page says so
  return { world, server, other, browser };
}

let pages = 0;

/** A page as the extension makes it: it looks after what other pages left, and may show the spec. */
class Lab {
  readonly page: Page;
  readonly wire: Wire;
  private readonly other: Wire;
  private readonly name = `lab ${++pages}`;
  private readonly orphans: OrphanedEdits;

  constructor({ world, server, other, browser }: Desk, user: User = ANN) {
    this.page = browser.page();
    this.wire = new Wire(world, server, user);
    this.other = new Wire(world, other, user);
    this.orphans = new OrphanedEdits({
      keeping: this.page,
      environment: this.page.environment,
      server: 'server',
      userId: () => user.userId,
      isJoined: specId => SpecConnection.isJoined(this.name, specId),
      isReachable: () => !this.wire.isDown,
      send: (specId, inheritance, gone) =>
        SpecConnection.adopt({ ...this.options(specId), inheritance, gone })
    });
  }

  open(specId = 'spec'): Client {
    const joined = () => this.orphans.joined(specId);
    const connection = SpecConnection.acquire({ ...this.options(specId), joined });
    return { connection, wire: this.wireOf(specId) };
  }

  lose(): void {
    for (const wire of [this.wire, this.other]) {
      wire.isDown = true;
      wire.cut();
    }
  }

  private wireOf(specId: string): Wire {
    return specId === 'spec' ? this.wire : this.other;
  }

  private options(specId: string) {
    const { page } = this;
    const wire = this.wireOf(specId);
    const { environment } = page;
    return { specId, server: this.name, openTransport: wire.open, environment, keeping: page };
  }
}

/** A page in which Ann types without a network. */
function typing(all: Desk, text: string, specId = 'spec'): Lab {
  const lab = new Lab(all);
  const ann = lab.open(specId);
  all.world.runUntil(() => isSynchronised(ann));
  lab.lose();
  append(ann, text);
  all.world.run(1_000);
  return lab;
}

/** A browser in which Ann has typed without a network, and whose pages have ended. */
function left(...texts: readonly string[]): Desk {
  const all = desk();
  const labs = (texts.length ? texts : [' Ann']).map(text => typing(all, text));
  labs.forEach(({ page }) => page.leave());
  return all;
}

describe('edits whose page has ended', () => {
  it('are sent once by another page, however many pages find them', () => {
    const all = left();
    const labs = [1, 2, 3].map(() => new Lab(all));
    all.world.run(300_000);
    expect(all.server.text.toString()).toBe('Hello Ann');
    expect(all.browser.kept.size).toBe(0);
    expect(all.server.sessions).toEqual([]);
    expect(labs.reduce((sum, { wire }) => sum + wire.connections, 0)).toBe(1);
  });

  it('are sent within two seconds after their spec was opened, however many pages left some', () => {
    const all = left(' one', ' two', ' three');
    const ann = new Lab(all).open();
    all.world.run(2_000);
    expect(all.server.text.toString()).toMatch(/^Hello( one| two| three){3}$/);
    expect(contentOf(ann)).toBe(all.server.text.toString());
    all.world.run(20_000);
    expect(all.browser.kept.size).toBe(0);
  });

  it('are sent as soon as their page ends, while another one shows the spec', () => {
    const all = desk();
    const lost = typing(all, ' Ann');
    const ann = new Lab(all).open();
    all.world.run(60_000);
    expect(contentOf(ann)).toBe('Hello');
    lost.page.crash();
    all.world.run(2_000);
    expect(contentOf(ann)).toBe('Hello Ann');
  });

  it('are known to pages that were opened before they were typed', () => {
    const all = desk();
    const reader = new Lab(all);
    const ann = reader.open();
    all.world.runUntil(() => isSynchronised(ann));
    const lost = typing(all, ' Ann');
    lost.page.crash();
    all.world.run(2_000);
    expect(contentOf(ann)).toBe('Hello Ann');
  });

  it('are told of while they are sent, and when they are there', () => {
    const all = left(' one', ' two');
    const lab = new Lab(all);
    const ann = lab.open();
    const seen = new Set<string>();
    ann.connection.subscribe(({ leftOperations, isContinuing, relief }) => {
      seen.add(leftOperations > 0 ? 'left' : isContinuing ? 'continuing' : String(relief));
    });
    all.world.run(10_000);
    expect([...seen]).toEqual(['continuing', 'left', 'fetched', 'null']);
  });

  it('are left to the page that is reloaded, also where another page waits for them', () => {
    const all = desk();
    new Lab(all);
    const lost = typing(all, ' Ann');
    all.world.run(60_000);
    lost.page.leave();
    const again = new Lab(all);
    again.wire.isDown = true;
    const ann = again.open();
    all.world.run(5_000);
    expect(contentOf(ann)).toBe('Hello Ann');
    expect(ann.connection.state.pendingOperations).toBe(1);
    again.wire.isDown = false;
    all.world.run(60_000);
    expect(all.server.text.toString()).toBe('Hello Ann');
  });

  it('are sent once there is a network', () => {
    const all = left();
    const lab = new Lab(all);
    lab.wire.isDown = true;
    all.world.run(300_000);
    expect(all.browser.kept.size).toBe(1);
    lab.wire.isDown = false;
    all.world.run(90_000);
    expect(all.server.text.toString()).toBe('Hello Ann');
  });

  it('hold up no others, and no lock, while the server does not take them', () => {
    const all = desk();
    const labs = ['other', 'spec'].map(specId => typing(all, ' Ann', specId));
    labs.forEach(({ page }) => page.leave());
    all.server.refuseWith = { code: 'STORE_UNAVAILABLE', retryAfterMs: 1_000 };
    const lab = new Lab(all);
    all.world.run(60_000);
    expect(all.other.text.toString()).toBe('Other Ann');
    expect(all.browser.kept.size).toBe(1);
    expect(all.server.sessions).toEqual([]);
    const ann = lab.open();
    all.world.run(1_000);
    expect(contentOf(ann)).toBe('Hello Ann');
    all.server.refuseWith = null;
    all.world.run(60_000);
    expect(all.server.text.toString()).toBe('Hello Ann');
  });

  it('of another user are rescued, and sent when that user logs in again', () => {
    const all = left();
    new Lab(all, BOB);
    all.world.run(300_000);
    expect(all.server.text.toString()).toBe('Hello');
    const rescues = new Rescues(all.browser.page().editStorage, 'server');
    rescues.refresh();
    expect(rescues.list.map(({ text }) => text)).toEqual(['Hello Ann']);
    new Lab(all, ANN);
    all.world.run(300_000);
    expect(all.server.text.toString()).toBe('Hello Ann');
    rescues.refresh();
    expect(rescues.list).toEqual([]);
  });

  it('are taken over by a page that opens their spec first', () => {
    const all = left();
    new Lab(all);
    const ann = new Lab(all).open();
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
    new Lab(all, BOB);
    all.world.run(300_000);
    rescues.refresh();
    rescues.refresh();
    expect(arrived).toEqual(['Hello Ann']);
    rescues.discard(rescues.list[0]!);
    expect(rescues.list).toEqual([]);
    expect(all.browser.kept.size).toBe(0);
  });
});
