/**
 * A simulation: clients on a bad network type, delete, lose their connection and reconnect; then the network
 * becomes good and the clients synchronise.
 *
 * The seed determines the run. To replay a failure, call `storm` with the seed that it reports.
 */
import fc from 'fast-check';

import type { ClientEvent, ServerEvent } from '../../src/protocol';
import { COALESCE_MS } from '../../src/keeping/keeper';
import { Operation } from '../../src/text';
import { Browser, type Page, Tab } from './browser';
import { type Client, connectPage, isSynchronised, userOf } from './clients';
import { type NetworkPath, Wire } from './network';
import { Polls } from './polls';
import { RequestWire } from './requests';
import { type LIMITS, Server } from './server';
import { FallbackWire } from './fallback';
import { World } from './world';

/** The options of a simulation. */
export interface Storm {
  readonly clients?: number;
  readonly steps?: number;
  readonly limits?: Partial<typeof LIMITS>;
  readonly longestList?: number;
  /** How the clients reach the server; WebSockets by default. */
  readonly over?: Over;
  /** Whether clients resend operations under new ids, which is a fault. */
  readonly areBroken?: boolean;
  /** Whether pages crash or are reloaded, and the next pages continue with the stored edits. */
  readonly areMortal?: boolean;
  /** Whether browsers report writes as done before they are, which is a fault. */
  readonly areLying?: boolean;
  /** Whether operations come without their session and under another id, so that no draft can be matched. */
  readonly areDraftsBroken?: boolean;
  /** Called with each page when it is opened. */
  readonly opened?: (client: Client<NetworkPath>) => void;
}

/** The maximum duration of a write in a simulated browser. */
const WRITING_MS = 40;

/** Makes the network of each client. It causes no more faults once `isOver` returns `true`. */
export type Over = (
  world: World,
  server: Server,
  isOver: () => boolean
) => (name: string) => NetworkPath;

export interface Outcome {
  readonly server: Server;
  readonly clients: readonly Client<NetworkPath>[];
  /** All code points that were typed, each exactly once. */
  readonly typed: ReadonlySet<string>;
  /** All code points that were deleted. */
  readonly deleted: ReadonlySet<string>;
  /** The code points that were typed or deleted just before a crash: they may be present or missing. */
  readonly excused: ReadonlySet<string>;
  readonly crashes: number;
}

/** A client whose page may crash, with a browser and a tab of its own. */
class Mortal {
  page: Page;
  client: Client<NetworkPath>;
  crashes = 0;
  /** The recent edits, with their times. */
  private recent: { readonly at: number; readonly characters: string }[] = [];

  constructor(
    private readonly world: World,
    private readonly browser: Browser,
    private readonly tab: Tab,
    private readonly wire: NetworkPath,
    private readonly opened: (client: Client<NetworkPath>) => void
  ) {
    this.page = browser.page(tab);
    this.client = connectPage(this.page, wire);
    opened(this.client);
  }

  edited(characters: string): void {
    this.recent.push({ at: this.world.now, characters });
  }

  /** Crashes the page and opens a new one. Returns the characters whose edits may be lost. */
  crash(): string {
    const since = this.world.now - COALESCE_MS - WRITING_MS;
    const late = this.recent.filter(({ at }) => at >= since);
    this.recent = [];
    this.crashes += 1;
    this.page.crash();
    this.begin();
    return late.map(({ characters }) => characters).join('');
  }

  /** Reloads the page, which loses nothing. */
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
    this.opened(this.client);
  }
}

/** Runs a simulation until all clients are synchronised. */
export function storm(seed: number, options: Storm = {}): Outcome {
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
  const over = options.over ?? overWebSockets(options);
  const wireOf = over(world, server, () => isOver);
  const mortals = Array.from({ length: options.clients ?? 3 }, (_, index) => {
    const browser = new Browser(world);
    browser.latency = options.areMortal ? [1, options.areLying ? 500 : WRITING_MS] : [0, 0];
    browser.isLying = options.areLying ?? false;
    const opened = options.opened ?? (() => undefined);
    return new Mortal(world, browser, new Tab(), wireOf(`user${index}`), opened);
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
  // A client with a half-open connection notices it only after 15 s.
  world.run(60_000);
  world.runUntil(isCalm);
  world.run(1_000); // until the last operation has reached all clients
  const clients = mortals.map(({ client }) => client);
  const crashes = mortals.reduce((sum, mortal) => sum + mortal.crashes, 0);
  return { server, clients, typed, deleted, excused, crashes };
}

function overWebSockets({ areBroken, areDraftsBroken }: Storm): Over {
  return (world, server) => name => {
    const broken = areBroken ? renaming(world) : null;
    const back = areDraftsBroken ? hiding(world) : broken?.back;
    return new Wire(world, server, userOf(name), broken?.out, back);
  };
}

/** Hides whose operation it is, and under which id it comes. */
function hiding(world: World) {
  return (event: ServerEvent): ServerEvent => {
    if (event.event !== 'remote_operation') {
      return event;
    }
    return {
      ...event,
      data: { ...event.data, operationId: world.uuid(), sessionId: null, userId: '?' }
    };
  };
}

/** Plain requests, which may be lost, duplicated or reordered, to a server that sometimes restarts. */
export const overRequests: Over = (world, server, isOver) => {
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

/** Both transports, with WebSockets that are blocked and unblocked by turns. */
export const overEither: Over = (world, server, isOver) => name => {
  const wire = new FallbackWire(world, server, userOf(name));
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

/** Makes a client do something at random. Returns the characters that it typed or deleted. */
function act(
  world: World,
  client: Client<NetworkPath>,
  typed: Set<string>,
  deleted: Set<string>
): string {
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

/** Gives a resent operation a new id, as a faulty client would. */
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

export function converged({ server, clients }: Outcome): boolean {
  const text = server.text.toString();
  return clients.every(
    ({ connection }) =>
      connection.document.toString() === text && connection.state.version === server.version
  );
}

/** The code points that occur more than once in the text. */
export function doubled({ server }: Outcome): string[] {
  const seen = new Set<string>();
  return [...server.text.toString()].filter(character => seen.size === seen.add(character).size);
}

/** The code points that were typed and not deleted, but are missing. */
export function lost({ server, typed, deleted, excused }: Outcome): string[] {
  const present = new Set([...server.text.toString(), ...deleted, ...excused]);
  return [...typed].filter(character => !present.has(character));
}

/** The code points that were deleted but are present. */
export function undead({ server, deleted, excused }: Outcome): string[] {
  const present = new Set(server.text.toString());
  return [...deleted].filter(character => present.has(character) && !excused.has(character));
}

/** Seeds for `storm`. */
export const seeds = fc.integer({ min: 0, max: 2 ** 31 });
