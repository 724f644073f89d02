import { describe, expect, it } from 'vitest';

import type { TranslationBundle } from '@jupyterlab/translation';

import { type ConnectionState, INITIAL_STATE } from '../../src/session/connectionState';
import { detailsOf } from '../../src/status/detailsText';
import { LIMITS } from '../kit';

const trans = {
  __: (text: string, ...args: unknown[]) =>
    text.replace(/%(\d)/g, (_, n: string) => String(args[Number(n) - 1])),
  _n: (one: string, many: string, n: number) => (n === 1 ? one : many)
} as unknown as TranslationBundle;

function detail(name: string, state: Partial<ConnectionState>): string {
  const found = detailsOf({ ...INITIAL_STATE, ...state }, trans).find(each => each.name === name);
  return [found?.value, found?.note].filter(Boolean).join(' | ');
}

describe('the details of a connection', () => {
  it('name the transport, and why it isn’t a WebSocket', () => {
    expect(detail('Transport', {})).toBe('–');
    expect(detail('Transport', { transport: 'websocket' })).toBe('WebSocket');
    expect(detail('Transport', { transport: 'polling' })).toBe('Long polling');
    expect(detail('Transport', { transport: 'polling', obstacle: 'unopened' })).toMatch(
      /^Long polling \| This network lets no WebSocket through/
    );
    expect(detail('Transport', { transport: 'polling', obstacle: 'shortLived' })).toMatch(
      /^Long polling \| WebSockets break down/
    );
  });

  it('say how many messages are left in this minute, and what happens if these are few', () => {
    const limits = { ...LIMITS, operationsPerMinute: 100 };
    expect(detail('Pace', {})).toBe('–');
    expect(detail('Pace', { limits, operationsLeft: 83 })).toBe(
      '83 of 100 messages left this minute'
    );
    expect(detail('Pace', { limits, operationsLeft: 8 })).toContain('about once a second');
    expect(detail('Pace', { limits: LIMITS })).toBe('up to 100,000 messages a minute');
  });

  it('count unsaved edits, and their parts if there are several', () => {
    expect(detail('Unsaved edits', {})).toBe('0');
    expect(detail('Unsaved edits', { pendingOperations: 2, pendingParts: 1 })).toBe('2');
    expect(detail('Unsaved edits', { pendingOperations: 1, pendingParts: 7 })).toBe(
      '1 | on their way in 7 parts'
    );
  });

  it('name the users and the round trip time', () => {
    const me = { userId: 'a', userName: 'Ann', sessionId: 's' };
    const users = [
      { userId: 'a', userName: 'Ann' },
      { userId: 'b', userName: 'Bob' }
    ];
    expect(detail('People', { me, users })).toBe('Ann (you), Bob');
    expect(detail('People', {})).toBe('–');
    expect(detail('People', { me, users, status: 'offline' })).toBe('–');
    expect(detail('Round trip', { roundTripMs: 12.4, transport: 'polling' })).toBe('12 ms');
    expect(detail('Round trip', { roundTripMs: 12.4 })).toBe('–');
    expect(detail('Your role', { role: 'owner' })).toBe('Owner');
  });
});
