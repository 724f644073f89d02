// @vitest-environment node
/**
 * Clients on a bad network: everything that they type arrives, once, and everybody ends with the same text.
 *
 * Each run follows from its seed. To replay one, call `storm` with the seed that a failure names.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ClientEvent, ServerEvent } from '../../src/protocol';
import { Operation } from '../../src/text';
import { COALESCE_MS } from '../../src/keeping/keeper';
import {
  Browser,
  type Client,
  connectPage,
  isSynchronised,
  type LIMITS,
  type Page,
  Polls,
  RequestWire,
  Server,
  Tab,
  userOf,
  type Way,
  Ways,
  Wire,
  World
} from '../kit';

interface Storm {
  readonly clients?: number;
  readonly steps?: number;
  readonly limits?: Partial<typeof LIMITS>;
  readonly longestList?: number;
  /** How the clients reach the server; WebSockets by default. */
  readonly over?: Over;
  /** Clients that send again under a new id. */
  readonly areBroken?: boolean;
  /** Pages crash or are reloaded, and others go on with what they kept. */
  readonly areMortal?: boolean;
  /** Browsers that call something kept before it is. */
  readonly areLying?: boolean;
}

/** The longest that writing takes in a browser here. */
const WRITING_MS = 40;

/** Makes ways to the server; what it does to the network it does no more once the storm is over. */
type Over = (world: World, server: Server, isOver: () => boolean) => (name: string) => Way;

interface Outcome {
  readonly server: Server;
  readonly clients: readonly Client<Way>[];
  /** Every code point that was typed, each of which is typed but once, and those that were deleted. */
  readonly typed: ReadonlySet<string>;
  readonly deleted: ReadonlySet<string>;
  /** Those that were typed or deleted a moment before a crash: nobody can say what has become of them. */
  readonly excused: ReadonlySet<string>;
  readonly crashes: number;
}

/** A client that may crash: one browser each, with one tab. */
class Mortal {
  page: Page;
  client: Client<Way>;
  crashes = 0;
  /** What was typed or deleted of late, and when. */
  private recent: { readonly at: number; readonly characters: string }[] = [];

  constructor(
    private readonly world: World,
    private readonly browser: Browser,
    private readonly tab: Tab,
    private readonly wire: Way
  ) {
    this.page = browser.page(tab);
    this.client = connectPage(this.page, wire);
  }

  edited(characters: string): void {
    this.recent.push({ at: this.world.now, characters });
  }

  /** The page is gone, and a new one is there; returns what may be lost. */
  crash(): string {
    const since = this.world.now - COALESCE_MS - WRITING_MS;
    const late = this.recent.filter(({ at }) => at >= since);
    this.recent = [];
    this.crashes += 1;
    this.page.crash();
    this.begin();
    return late.map(({ characters }) => characters).join('');
  }

  /** The page is told that it ends, which loses nothing. */
  reload(): void {
    this.recent = [];
    this.page.leave();
    this.wire.hidePage?.();
    this.begin();
  }

  private begin(): void {
    this.wire.abandon?.();
    this.page = this.browser.page(this.tab);
    this.client = connectPage(this.page, this.wire);
  }
}

/** Lets clients type, delete, lose their network and come back, then waits until all is calm. */
function storm(seed: number, options: Storm = {}): Outcome {
  const world = new World(seed);
  const { chance } = world;
  const typed = new Set<string>();
  const deleted = new Set<string>();
  const start = fresh(typed, 20, seed);
  const server = new Server(world, start, options.limits);
  server.longestList = options.longestList ?? 1000;
  server.doubt = 0.05;
  const excused = new Set<string>();
  let isOver = false;
  const over = options.over ?? overWebSockets(options.areBroken);
  const wireOf = over(world, server, () => isOver);
  const mortals = Array.from({ length: options.clients ?? 3 }, (_, index) => {
    const browser = new Browser(world);
    browser.latency = options.areMortal ? [1, options.areLying ? 500 : WRITING_MS] : [0, 0];
    browser.isLying = options.areLying ?? false;
    return new Mortal(world, browser, new Tab(), wireOf(`user${index}`));
  });
  mortals.forEach(({ client: { wire } }) => {
    wire.weather = { latency: [2, chance.between(10, 400)], duplicates: 0.1, lost: 0.05 };
  });
  const isCalm = () => mortals.every(({ client }) => isSynchronised(client));
  world.runUntil(isCalm);
  for (let step = 0; step < (options.steps ?? 120); step++) {
    const mortal = chance.pick(mortals);
    if (options.areMortal && chance.happens(0.08)) {
      [...mortal.crash()].forEach(character => excused.add(character));
    } else if (options.areMortal && chance.happens(0.04)) {
      mortal.reload();
    } else {
      mortal.edited(act(world, mortal.client, typed, deleted));
    }
    world.run(chance.between(0, 300));
  }
  isOver = true;
  mortals.forEach(({ client: { wire } }) => {
    wire.isDown = false;
    wire.weather = { latency: [2, 50] };
  });
  // One whose connection is half open believes for a quarter of a minute that all is well.
  world.run(60_000);
  world.runUntil(isCalm);
  world.run(1_000); // what the last one sent reaches the others
  const clients = mortals.map(({ client }) => client);
  const crashes = mortals.reduce((sum, mortal) => sum + mortal.crashes, 0);
  return { server, clients, typed, deleted, excused, crashes };
}

function overWebSockets(areBroken = false): Over {
  return (world, server) => name => {
    const broken = areBroken ? renaming(world) : null;
    return new Wire(world, server, userOf(name), broken?.out, broken?.back);
  };
}

/** Requests of which any may be lost, doubled or overtaken, to a server that forgets its sessions at times. */
const overRequests: Over = (world, server, isOver) => {
  const polls = new Polls(server);
  const restart = () => {
    if (isOver()) {
      return;
    }
    polls.forget();
    world.after(world.chance.between(5_000, 60_000), restart);
  };
  restart();
  return name => new RequestWire(world, polls, userOf(name));
};

/** Whichever way works, where WebSockets are let through, and are not, by turns. */
const overEither: Over = (world, server, isOver) => name => {
  const wire = new Ways(world, server, userOf(name));
  const turn = () => {
    if (isOver()) {
      return;
    }
    wire.socket.isDown = !wire.socket.isDown;
    if (world.chance.happens(0.5)) {
      wire.socket.cut();
    }
    world.after(world.chance.between(1_000, 20_000), turn);
  };
  turn();
  return wire;
};

/** Something happens to a client; returns what it typed or deleted. */
function act(world: World, client: Client<Way>, typed: Set<string>, deleted: Set<string>): string {
  const { chance } = world;
  const { connection, wire } = client;
  const { document, state } = connection;
  const offset = chance.between(0, document.length);
  const kind = chance.next();
  if (kind < 0.85 && !state.canEdit) {
    return '';
  }
  if (kind < 0.6) {
    const content = fresh(typed, chance.between(1, 6), typed.size);
    connection.edit(Operation.of(offset, content));
    return content;
  }
  if (kind < 0.85) {
    const length = Math.min(chance.between(1, 8), document.length - offset);
    const content = document.slice(offset, offset + length);
    [...content].forEach(character => deleted.add(character));
    connection.edit(Operation.of(offset, -length));
    return content;
  }
  if (kind < 0.95) {
    wire.cut(chance.pick([1006, 1001, 4008]));
  } else if (kind < 0.97) {
    wire.freeze();
  } else {
    wire.isDown = !wire.isDown;
    wire.cut();
  }
  return '';
}

/** Code points that were never typed before; every third lies outside the Basic Multilingual Plane. */
function fresh(typed: Set<string>, count: number, salt: number): string {
  let content = '';
  for (let index = 0; index < count; index++) {
    const number = typed.size;
    const base = (number + salt) % 3 ? 0x4e00 : 0x20000;
    const character = String.fromCodePoint(base + number);
    typed.add(character);
    content += character;
  }
  return content;
}

/** A client that forgets under which id it sent an operation when it sends it again. */
function renaming(world: World) {
  const names = new Map<string, string>();
  const seen = new Set<string>();
  return {
    out(event: ClientEvent): ClientEvent {
      if (event.event !== 'operation') {
        return event;
      }
      const { operationId } = event.data;
      const name = seen.has(operationId) ? world.uuid() : operationId;
      seen.add(operationId);
      names.set(name, operationId);
      return { event: 'operation', data: { ...event.data, operationId: name } };
    },
    back(event: ServerEvent): ServerEvent {
      if (event.event !== 'operation_ack') {
        return event;
      }
      const operationId = names.get(event.data.operationId) ?? event.data.operationId;
      return { ...event, data: { ...event.data, operationId } } as ServerEvent;
    }
  };
}

function converged({ server, clients }: Outcome): boolean {
  const text = server.text.toString();
  return clients.every(
    ({ connection }) =>
      connection.document.toString() === text && connection.state.version === server.version
  );
}

/** The code points that are there more often than they were typed. */
function doubled({ server }: Outcome): string[] {
  const seen = new Set<string>();
  return [...server.text.toString()].filter(character => seen.size === seen.add(character).size);
}

/** The code points that were typed, not deleted, and are gone. */
function lost({ server, typed, deleted, excused }: Outcome): string[] {
  const present = new Set([...server.text.toString(), ...deleted, ...excused]);
  return [...typed].filter(character => !present.has(character));
}

/** The code points that were deleted and are there. */
function undead({ server, deleted, excused }: Outcome): string[] {
  const present = new Set(server.text.toString());
  return [...deleted].filter(character => present.has(character) && !excused.has(character));
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe('clients on a bad network', () => {
  it('converge, and every code point is there once, or gone where it was deleted', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const outcome = storm(seed);
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
        expect(undead(outcome)).toEqual([]);
      }),
      { numRuns: 40 }
    );
  });

  it.each([
    ['plain requests', overRequests, 40],
    ['whichever way works', overEither, 40]
  ])('converge over %s', (_, over, numRuns) => {
    fc.assert(
      fc.property(seeds, seed => {
        const outcome = storm(seed, { over });
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
        const resent = [...outcome.server.sent.values()];
        expect(resent.every(frames => new Set(frames).size === 1)).toBe(true);
      }),
      { numRuns }
    );
  });

  it.each([
    ['', {}],
    [' where the steps in between are gone', { longestList: 12, limits: { maxStaleVersions: 12 } }],
    [' where long operations are split', { limits: { operationLength: 400 } }],
    [' over plain requests', { over: overRequests }],
    [' over whichever way works', { over: overEither }]
  ])('do so through crashes and reloads of their pages%s', (_, options: Storm) => {
    let crashes = 0;
    fc.assert(
      fc.property(seeds, seed => {
        const outcome = storm(seed, { ...options, areMortal: true });
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
        // A merge of whole texts may bring back what was deleted.
        expect(options.longestList ? [] : undead(outcome)).toEqual([]);
        crashes += outcome.crashes;
      }),
      { numRuns: 40 }
    );
    expect(crashes).toBeGreaterThan(100);
  });

  it('send an operation again as it was, to the byte', () => {
    let resent = 0;
    fc.assert(
      fc.property(seeds, seed => {
        const { server } = storm(seed);
        const again = [...server.sent.values()].filter(frames => frames.length > 1);
        expect(again.every(frames => new Set(frames).size === 1)).toBe(true);
        resent += again.length;
      }),
      { numRuns: 20 }
    );
    expect(resent).toBeGreaterThan(20);
  });

  it('converge where they come back too late for the steps in between', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const limits = { maxStaleVersions: 12 };
        const outcome = storm(seed, { limits, longestList: 12, steps: 200 });
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
      }),
      { numRuns: 40 }
    );
  });

  it('converge where long operations are split', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const outcome = storm(seed, { limits: { operationLength: 400 }, steps: 80 });
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
        const sizes = [...outcome.server.sent.values()].flat().map(frame => frame.length);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
      }),
      { numRuns: 30 }
    );
  });

  it('resend under the same id also where that takes a merge of texts', () => {
    const { server } = storm(3, { longestList: 3, limits: { maxStaleVersions: 3 } });
    expect([...server.sent.values()].some(frames => frames.length > 1)).toBe(true);
  });

  it.each([
    ['', {}],
    [' over plain requests', { over: overRequests }]
  ])('would double text if they sent what they have not kept%s', (_, options: Storm) => {
    const seeds = Array.from({ length: 50 }, (_, seed) => seed);
    const isBroken = (seed: number) =>
      doubled(storm(seed, { ...options, areMortal: true, areLying: true })).length > 0;
    expect(seeds.some(isBroken)).toBe(true);
  });

  it('would double text if they sent again under a new id', () => {
    const outcomes = Array.from({ length: 5 }, (_, seed) => storm(seed, { areBroken: true }));
    expect(outcomes.some(outcome => doubled(outcome).length > 0)).toBe(true);
  });
});
