import type { TranslationBundle } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { type ConnectionState, INITIAL_STATE } from '../../src/session/connectionState';
import {
  type Circumstances,
  unavailableAdvice,
  type UnavailableReason,
  unavailableReason
} from '../../src/document/unavailable';

const trans = {
  __: (text: string, ...args: unknown[]) =>
    text.replace(/%(\d)/g, (_, n: string) => String(args[Number(n) - 1]))
} as unknown as TranslationBundle;

const limits = {} as ConnectionState['limits'];
const error = (code: string) => ({ code, message: '' });

describe('unavailableReason', () => {
  it.each<[string, Partial<ConnectionState>, string | null]>([
    ['a spec that is there', { status: 'synchronised', limits, role: 'viewer' }, null],
    ['a lost network', { status: 'offline', limits, role: 'viewer' }, null],
    ['deleted while open', { error: error('SPEC_DELETED'), limits, role: 'owner' }, 'deleted'],
    ['taken away while open', { error: error('FORBIDDEN'), limits, role: null }, 'revoked'],
    ['gone while offline', { error: error('SPEC_NOT_FOUND'), limits, role: 'viewer' }, 'missing'],
    ['opened without right', { error: error('SPEC_NOT_FOUND') }, 'missing'],
    ['no right to any spec', { error: error('FORBIDDEN') }, 'barred'],
    ['edits of one who may only view', { error: error('FORBIDDEN'), limits, role: 'viewer' }, null],
    ['a login that expired', { error: error('UNAUTHENTICATED'), limits, role: 'viewer' }, null]
  ])('%s', (_, state, reason) => {
    expect(unavailableReason({ ...INITIAL_STATE, status: 'ended', ...state })).toBe(reason);
  });
});

const advice = (reason: UnavailableReason, circumstances: Partial<Circumstances> = {}) =>
  unavailableAdvice(
    reason,
    { login: null, whyBarred: '', canRestore: false, ...circumstances },
    trans
  );

describe('unavailableAdvice', () => {
  it('tells who can restore a deleted spec', () => {
    expect(advice('deleted')).toContain('an owner can restore it');
    expect(advice('deleted', { canRestore: true })).toContain('You can restore it');
  });

  it('names the login name with which the spec can be shared', () => {
    expect(advice('missing', { login: 'vera' })).toContain('“vera”');
    expect(advice('missing')).not.toContain('“');
  });

  it('is the server’s message for a user who is barred', () => {
    const lines = 'Ask the admin to add the scope to c.Spawner.oauth_client_allowed_scopes.';
    expect(advice('barred', { whyBarred: lines })).toBe(lines);
  });
});
