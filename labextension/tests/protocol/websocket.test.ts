// @vitest-environment node
import { describe, expect, it } from 'vitest';

import {
  type ServerEvent,
  type Socket,
  type SocketUrl,
  type Transport,
  webSocketTransport
} from '../../src/protocol';

class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  readonly sent: string[] = [];
  readyState = 1;
  isClosed = false;

  constructor(readonly url: string) {}

  send(frame: string): void {
    this.sent.push(frame);
  }

  close(): void {
    this.isClosed = true;
  }
}

interface Opened {
  readonly transport: Transport;
  readonly socket: FakeSocket;
  readonly heard: unknown[];
}

async function open(url: SocketUrl = () => 'ws://server/ws/specs/1'): Promise<Opened> {
  const sockets: FakeSocket[] = [];
  const heard: unknown[] = [];
  const create = (address: string) => {
    sockets.push(new FakeSocket(address));
    return sockets[0];
  };
  const transport = webSocketTransport(
    url,
    create
  )({
    opened: () => heard.push('opened'),
    received: (events: readonly ServerEvent[]) => heard.push(...events.map(({ event }) => event)),
    closed: code => heard.push(code)
  });
  expect(heard).toEqual([]);
  await new Promise(resolve => setTimeout(resolve));
  return { transport, socket: sockets[0], heard };
}

describe('a WebSocket', () => {
  it('reports opening, events and closing', async () => {
    const { socket, heard } = await open();
    expect(socket.url).toBe('ws://server/ws/specs/1');
    socket.onopen?.({} as never);
    socket.onmessage?.({ data: '{"event":"pong","data":{}}' });
    socket.onmessage?.({
      data: '[{"event":"pong"},{"event":"role_changed","data":{"role":null}}]'
    });
    socket.onclose?.({ code: 4403, reason: '' });
    expect(heard).toEqual(['opened', 'pong', 'pong', 'role_changed', 4403]);
  });

  it('sends each event as a frame, once it is open', async () => {
    const { transport, socket } = await open();
    transport.send([{ event: 'ping', data: {} }]);
    socket.onopen?.({} as never);
    transport.send([
      { event: 'ping', data: {} },
      { event: 'leave_session', data: { specId: '1' } }
    ]);
    expect(socket.sent.map(frame => (JSON.parse(frame) as { event: string }).event)).toEqual([
      'ping',
      'leave_session'
    ]);
  });

  it('sends nothing once the server has begun to close it', async () => {
    const { transport, socket } = await open();
    socket.onopen?.({} as never);
    socket.readyState = 2;
    transport.send([{ event: 'ping', data: {} }]);
    expect(socket.sent).toEqual([]);
  });

  it('waits for its URL', async () => {
    const { socket } = await open(() => Promise.resolve('ws://server/late?token=fresh'));
    expect(socket.url).toBe('ws://server/late?token=fresh');
  });

  it('closes like a failed network if there is no URL', async () => {
    const { heard } = await open(() => Promise.reject(new Error('no token')));
    expect(heard).toEqual([1006]);
  });

  it('closes if a frame can’t be parsed', async () => {
    const { socket, heard } = await open();
    socket.onopen?.({} as never);
    socket.onmessage?.({ data: 'nonsense' });
    socket.onmessage?.({ data: '{"event":"pong"}' });
    socket.onclose?.({ code: 1000, reason: '' });
    expect(heard).toEqual(['opened', 1006]);
    expect(socket.isClosed).toBe(true);
  });

  it('reports nothing after it was closed by its user', async () => {
    const { transport, socket, heard } = await open();
    transport.close();
    socket.onopen?.({} as never);
    socket.onmessage?.({ data: '{"event":"pong"}' });
    socket.onclose?.({ code: 1000, reason: '' });
    expect(heard).toEqual([]);
    expect(socket.isClosed).toBe(true);
  });
});
