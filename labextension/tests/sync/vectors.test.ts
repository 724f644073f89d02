// @vitest-environment node
/** Scripts that the Python client replays too: the same inputs lead to the same frames and texts. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { ClientEvent, Joined, ServerEvent, TransportListener } from '../../src/protocol';
import { Session } from '../../src/session/session';
import { Exchange, Notices } from '../../src/sync';
import { fromWire, type WireComponent } from '../../src/text';
import { World } from '../kit';

type Step = Readonly<Record<string, unknown>>;

interface Script {
  readonly name: string;
  readonly machine: 'document' | 'connection';
  readonly steps: readonly Step[];
}

const file = resolve(import.meta.dirname, '../../../tests/vectors/sync.jsonl');
const scripts = readFileSync(file, 'utf8')
  .split('\n')
  .filter(line => line.trim())
  .map(line => JSON.parse(line) as Script);

const KEEPER = {
  whenKept: (_: unknown, then: () => void) => then(),
  setAside: () => undefined
};

/** A world in which backoff has no jitter and ids are counted. */
function environmentOf(world: World) {
  let ids = 0;
  return { ...world.environment, random: () => 0.5, uuid: () => `op-${++ids}` };
}

/** The parts of an exchange that the scripts check. */
class DocumentPlayer {
  private readonly world = new World();
  private readonly exchange: Exchange;
  private out: ClientEvent[] = [];
  private abandoned = false;
  private failed: string | null = null;

  constructor() {
    this.exchange = new Exchange(environmentOf(this.world), KEEPER, new Notices(), {
      send: event => this.out.push(event),
      cursorIn: () => undefined,
      textChanged: () => undefined,
      progressed: () => undefined,
      stalled: () => (this.abandoned = true),
      forbidden: () => (this.failed = 'FORBIDDEN'),
      failed: ({ code }) => (this.failed = code)
    });
  }

  play(step: Step): void {
    this.out = [];
    this.abandoned = false;
    if (step.joined) {
      const data = step.joined as Joined;
      this.exchange.setWritable(mayWrite(data.role));
      this.exchange.joined(data, data.limits);
    } else if (step.disconnected) {
      this.exchange.disconnected();
    } else if (step.edit) {
      const { length } = this.exchange.document;
      this.exchange.edit(fromWire(step.edit as WireComponent[], length));
    } else if (step.event) {
      this.receive(step as unknown as ServerEvent);
    }
    this.world.run((step.after as number | undefined) ?? 0);
  }

  get shown() {
    const { replica, isRecovering } = this.exchange;
    return {
      out: this.out,
      abandoned: this.abandoned,
      text: replica?.text.toString(),
      committed: replica?.committed.toString(),
      version: replica?.version,
      pending: replica?.pending.kind,
      recovering: isRecovering,
      failed: this.failed
    };
  }

  private receive(event: ServerEvent): void {
    if (event.event === 'role_changed') {
      this.exchange.setWritable(mayWrite(event.data.role));
    } else {
      this.exchange.receive(event);
    }
  }
}

function mayWrite(role: string | null): boolean {
  return role !== null && role !== 'viewer';
}

/** A session whose transport only records the calls of the session, with their times. */
class ConnectionPlayer {
  readonly world = new World();
  out: [number, string][] = [];
  private readonly session: Session;
  private current: TransportListener | null = null;

  constructor() {
    this.session = new Session({
      specId: 'spec',
      environment: environmentOf(this.world),
      openTransport: listener => {
        this.note('open');
        this.current = listener;
        return {
          name: 'websocket',
          obstacle: null,
          send: events => events.forEach(event => this.sent(event)),
          close: () => this.closed(listener)
        };
      },
      keeper: KEEPER,
      notices: new Notices(),
      textChanged: () => undefined,
      joined: () => undefined,
      specChanged: () => undefined,
      changed: () => undefined
    });
  }

  get ended(): string | null {
    const { phase, error } = this.session.state;
    return phase === 'ended' ? (error?.code ?? null) : null;
  }

  play(step: Step): void {
    this.out = [];
    const listener = this.current;
    if (step.start) {
      this.session.open(null, null);
    } else if (step.opened) {
      listener?.opened();
    } else if (step.joined) {
      listener?.received([JOINED]);
    } else if (step.closed) {
      this.current = null;
      listener?.closed(step.closed as number, '');
    }
    this.world.run((step.after as number | undefined) ?? 0);
  }

  private sent(event: ClientEvent): void {
    if (event.event === 'join_session') {
      this.note('join');
    } else if (event.event === 'ping') {
      const listener = this.current;
      this.world.after(0, () => listener?.received([{ event: 'pong', data: {} }]));
    }
  }

  private closed(listener: TransportListener): void {
    if (listener === this.current) {
      this.note('give_up');
      this.current = null;
    }
  }

  private note(word: string): void {
    this.out.push([this.world.now, word]);
  }
}

const JOINED: ServerEvent = {
  event: 'session_joined',
  data: {
    specId: 'spec',
    sessionId: 'me',
    epoch: 'e1',
    version: 0,
    content: '',
    role: 'contributor',
    activeUsers: [],
    limits: {
      operationsPerMinute: 100,
      operationLength: 10_000,
      frameBytes: 65_536,
      documentLength: 2_000_000,
      sessionsPerUser: 5,
      usersPerSpec: 50,
      cursorUpdatesPerSecond: 20,
      maxStaleVersions: 1_000
    }
  }
};

describe('the scripts that both clients replay', () => {
  it.each(scripts.filter(({ machine }) => machine === 'document'))('$name', ({ steps }) => {
    const player = new DocumentPlayer();
    let expected: Record<string, unknown> = {};
    steps.forEach((step, index) => {
      player.play(step);
      const { shown } = player;
      const stated = Object.entries(step).filter(([key]) => key in shown);
      expected = { ...expected, out: [], abandoned: false, ...Object.fromEntries(stated) };
      // Without the right to edit, this client puts the edits aside, and the Python client stops.
      const { out, failed } = shown;
      const compared = expected.failed === 'FORBIDDEN' ? { out, failed } : shown;
      expect({ index, ...compared }).toMatchObject({ index, ...pick(expected, compared) });
    });
  });

  it.each(scripts.filter(({ machine }) => machine === 'connection'))('$name', ({ steps }) => {
    const player = new ConnectionPlayer();
    let ended: unknown = null;
    steps.forEach((step, index) => {
      player.play(step);
      ended = step.ended ?? ended;
      const out = step.out ?? [];
      expect({ index, out: player.out, ended: player.ended }).toEqual({ index, out, ended });
    });
  });
});

/** The entries of `values` whose keys `like` has. */
function pick(values: Record<string, unknown>, like: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key in like));
}
