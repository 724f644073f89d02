// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';

import {
  type Answer,
  type ClientEvent,
  NO_ANSWER,
  pollingTransport,
  type Request,
  type Transport,
  LongPollBudget
} from '../../src/protocol';
import { World } from '../kit';

const PING: ClientEvent = { event: 'ping', data: {} };
const JOIN: ClientEvent = { event: 'join_session', data: { specId: 'spec', batch: true } };
const LEAVE: ClientEvent = { event: 'leave_session', data: { specId: 'spec' } };
const PONG = { event: 'pong', data: {} };

const WELCOME = {
  specId: 'spec',
  sessionId: 's1',
  epoch: 'e1',
  version: 1,
  content: 'Hi',
  role: 'owner',
  activeUsers: [],
  limits: { operationsPerMinute: 100, operationLength: 10_000, frameBytes: 200 },
  userId: 'u1',
  userName: 'Ann'
};

interface Asked extends Request {
  answer(answer: Answer): void;
  isAborted: boolean;
}

/** A transport whose requests are answered by hand. */
class Bench {
  readonly world = new World();
  readonly asked: Asked[] = [];
  readonly heard: (string | number)[] = [];
  readonly transport: Transport;
  hide: () => void = () => undefined;

  constructor(longPolls = new LongPollBudget()) {
    this.transport = pollingTransport({
      ask: (request, answered) => {
        const asked: Asked = {
          ...request,
          isAborted: false,
          answer: answer => asked.isAborted || answered(answer)
        };
        this.asked.push(asked);
        return () => (asked.isAborted = true);
      },
      clock: this.world.environment,
      longPolls,
      onPageHide: callback => {
        this.hide = callback;
        return () => (this.hide = () => undefined);
      }
    })({
      opened: () => this.heard.push('opened'),
      received: events => this.heard.push(...events.map(({ event }) => event)),
      closed: code => this.heard.push(code)
    });
    expect(this.heard).toEqual([]);
    this.world.run(0);
    expect(this.take()).toEqual(['opened']);
  }

  /** The requests that were neither answered nor aborted. */
  get open(): string[] {
    const found = this.asked.filter(({ isAborted }) => !isAborted);
    return found.map(({ method, path, body }) => [method, path, body].filter(Boolean).join(' '));
  }

  take(): (string | number)[] {
    return this.heard.splice(0);
  }

  /** Answers the oldest open request of this method. */
  answer(method: Request['method'], answer: Answer): void {
    const index = this.asked.findIndex(each => each.method === method && !each.isAborted);
    const [asked] = this.asked.splice(index, 1);
    asked.answer(answer);
  }

  join(): void {
    this.transport.send([JOIN]);
    this.answer('POST', success(WELCOME));
    expect(this.take()).toEqual(['connect', 'session_joined']);
  }
}

function success(data: unknown): Answer {
  return { status: 200, body: JSON.stringify({ success: true, data }) };
}

function refusal(status: number, code: string, details = {}): Answer {
  return { status, body: JSON.stringify({ success: false, code, error: 'No.', details }) };
}

function news(...numbers: number[]): Answer {
  const events = numbers.map(seq => ({ seq, ...PONG }));
  return success({ events, seq: numbers.at(-1) ?? 0 });
}

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

describe('polling', () => {
  it('joins by a request, and delivers the events that a WebSocket would', () => {
    bench.transport.send([JOIN]);
    expect(bench.open).toEqual(['POST /session {"specId":"spec","batch":true}']);
    bench.answer('POST', success(WELCOME));
    expect(bench.take()).toEqual(['connect', 'session_joined']);
    expect(bench.open).toEqual(['GET /session/s1/events?after=0&wait=25']);
  });

  it('fetches the events after the last one at once', () => {
    bench.join();
    bench.answer('GET', news(1, 2));
    expect(bench.take()).toEqual(['pong', 'pong']);
    expect(bench.open).toEqual(['GET /session/s1/events?after=2&wait=25']);
    bench.answer('GET', news());
    expect(bench.open).toEqual(['GET /session/s1/events?after=2&wait=25']);
  });

  it('posts in order, one request at a time, as many events as a body takes', () => {
    bench.join();
    bench.answer('GET', news());
    const frame = JSON.stringify(PING);
    bench.transport.send([PING]);
    for (let index = 0; index < 20; index++) {
      bench.transport.send([PING]);
    }
    const bodies: string[] = [];
    for (let post = bench.open[1]; post; post = bench.open[1]) {
      bodies.push(post.slice('POST /session/s1/events '.length));
      bench.answer('POST', success({}));
    }
    expect(bodies[0]).toBe(`[${frame}]`);
    expect(bodies.flatMap(body => JSON.parse(body) as unknown[])).toHaveLength(21);
    expect(Math.max(...bodies.map(body => body.length))).toBeLessThanOrEqual(200);
    expect(bodies.length).toBeLessThan(6);
  });

  it('counts a body in bytes, and sends an event alone that exceeds the limit', () => {
    bench.join();
    bench.answer('GET', news());
    const wide: ClientEvent = { event: 'authenticate', data: { token: '🎉'.repeat(40) } };
    bench.transport.send([PING, wide, PING]);
    bench.transport.send([wide, wide]);
    const counts: number[] = [];
    for (let post = bench.open[1]; post; post = bench.open[1]) {
      const body = post.slice('POST /session/s1/events '.length);
      counts.push((JSON.parse(body) as unknown[]).length);
      bench.answer('POST', success({}));
    }
    expect(counts).toEqual([1, 1, 1, 1, 1]);
  });

  it('sends the same bytes again if a response is lost', () => {
    bench.join();
    bench.transport.send([PING]);
    const [, first] = bench.open;
    bench.transport.send([PING, PING]);
    bench.answer('POST', NO_ANSWER);
    expect(bench.open).toHaveLength(1);
    bench.world.run(200);
    expect(bench.open[1]).toBe(first);
    bench.answer('POST', { status: 502, body: '<h1>Bad Gateway</h1>' });
    bench.world.run(800);
    expect(bench.open[1]).toBe(first);
    bench.answer('POST', success({}));
    expect(bench.open[1]).not.toBe(first);
    expect(bench.take()).toEqual([]);
  });

  it('closes like a network after three failures in a row', () => {
    bench.join();
    bench.transport.send([PING]);
    for (let failure = 0; failure < 3; failure++) {
      bench.answer('POST', { status: 503, body: '' });
      bench.world.run(1_000);
    }
    expect(bench.take()).toEqual([1006]);
    expect(bench.open).toEqual([]);
  });

  it('counts ten seconds without a response as a failure', () => {
    bench.join();
    bench.transport.send([PING]);
    bench.world.run(10_100);
    expect(bench.open).toHaveLength(1);
    bench.world.run(200);
    expect(bench.open).toHaveLength(2);
  });

  it('closes with the code that a WebSocket would have', () => {
    const codes: [number, string, number][] = [
      [401, 'TOKEN_EXPIRED', 4401],
      [403, 'FORBIDDEN', 4403],
      [404, 'SPEC_NOT_FOUND', 4404],
      [429, 'SPEC_FULL', 4429],
      [413, 'OPERATION_TOO_LARGE', 1009],
      [400, 'INVALID_MESSAGE', 1006]
    ];
    for (const [status, code, close] of codes) {
      bench = new Bench();
      bench.join();
      bench.answer('GET', refusal(status, code));
      expect(bench.take()).toEqual(['error', close]);
    }
  });

  it('joins again if the server has dropped the session, but not more than once a second', () => {
    bench.join();
    bench.transport.send([PING]);
    bench.answer('POST', refusal(409, 'NOT_JOINED'));
    expect(bench.open).toEqual([]);
    bench.world.run(999);
    expect(bench.take()).toEqual([]);
    bench.world.run(1);
    expect(bench.take()).toEqual(['opened']);
    bench.join();
    expect(bench.open).toEqual(['GET /session/s1/events?after=0&wait=25']);
  });

  it('closes if another connection has taken over the session', () => {
    bench.join();
    bench.answer('GET', refusal(409, 'NOT_JOINED', { takenOver: true }));
    expect(bench.take()).toEqual([4409]);
  });

  it('closes if a proxy answers, or events are missing', () => {
    bench.join();
    bench.answer('GET', { status: 200, body: '<h1>Log in</h1>' });
    expect(bench.take()).toEqual([1006]);
    bench = new Bench();
    bench.join();
    bench.answer('GET', news(1, 3));
    expect(bench.take()).toEqual([1006]);
    bench = new Bench();
    bench.join();
    bench.answer('GET', success({ events: [{ seq: 1, event: 'error', data: {} }], seq: 1 }));
    expect(bench.take()).toEqual([1006]);
  });

  it('ignores events that it has already delivered', () => {
    bench.join();
    bench.answer('GET', news(1, 2));
    bench.take();
    bench.answer('GET', news(1, 2, 3));
    expect(bench.take()).toEqual(['pong']);
  });

  it('waits for a shorter time if long requests are cut', () => {
    bench.join();
    bench.world.run(10_000);
    bench.answer('GET', { status: 504, body: '' });
    expect(bench.open).toEqual(['GET /session/s1/events?after=0&wait=0']);
    bench.answer('GET', news());
    bench.world.run(1_000);
    expect(bench.open).toEqual(['GET /session/s1/events?after=0&wait=5']);
    expect(bench.take()).toEqual([]);
  });

  it('does not wait for a shorter time if the server was down', () => {
    bench.join();
    bench.world.run(10_000);
    for (let failure = 0; failure < 4; failure++) {
      bench.answer('GET', NO_ANSWER);
      bench.world.run(1_000);
    }
    expect(bench.take()).toEqual([1006]);
    const longPolls = new LongPollBudget();
    bench = new Bench(longPolls);
    bench.join();
    expect(bench.open).toEqual(['GET /session/s1/events?after=0&wait=25']);
  });

  it('lets no more than two connections of a page wait at a time', () => {
    const longPolls = new LongPollBudget();
    const benches = [new Bench(longPolls), new Bench(longPolls), new Bench(longPolls)];
    benches.forEach(each => each.join());
    expect(benches.map(each => each.open[0].endsWith('wait=25'))).toEqual([true, true, false]);
    benches[2].answer('GET', news());
    expect(benches[2].open).toEqual([]);
    benches[0].transport.close();
    benches[2].world.run(1_000);
    expect(benches[2].open[0]).toContain('wait=25');
  });

  it('leaves with a request that the browser completes after the page was closed', () => {
    bench.join();
    bench.transport.send([PING, LEAVE]);
    bench.transport.close();
    expect(bench.open).toEqual(['DELETE /session/s1']);
    expect(bench.asked.at(-1)?.outlivesPage).toBe(true);
  });

  it('leaves when the page is closed, unless there is an unsent edit', () => {
    bench.join();
    bench.transport.send([PING]);
    bench.hide();
    expect(bench.open).toEqual(['DELETE /session/s1']);
    bench = new Bench();
    bench.join();
    const edit: ClientEvent = {
      event: 'operation',
      data: { operationId: 'o1', version: 1, operations: [] }
    };
    bench.transport.send([edit]);
    bench.hide();
    const last = bench.asked.at(-1);
    expect([last?.method, last?.body, last?.outlivesPage]).toEqual([
      'POST',
      `[${JSON.stringify(edit)}]`,
      true
    ]);
  });

  it('reports and requests nothing after it was closed', () => {
    bench.join();
    bench.transport.send([PING]);
    bench.transport.close();
    bench.transport.send([PING, JOIN]);
    bench.world.run(60_000);
    expect(bench.open).toEqual([]);
    expect(bench.heard).toEqual([]);
  });
});
