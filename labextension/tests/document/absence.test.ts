import type { TranslationBundle } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { type ConnectionState, INITIAL_STATE } from '../../src/session/state';
import { absenceAdvice, absenceOf } from '../../src/document/absence';

const trans = {
  __: (text: string, ...args: unknown[]) =>
    text.replace(/%(\d)/g, (_, n: string) => String(args[Number(n) - 1]))
} as unknown as TranslationBundle;

const limits = {} as ConnectionState['limits'];
const error = (code: string) => ({ code, message: '' });

describe('absenceOf', () => {
  it.each<[string, Partial<ConnectionState>, string | null]>([
    ['a spec that is there', { status: 'synchronised', limits, role: 'viewer' }, null],
    ['a lost network', { status: 'offline', limits, role: 'viewer' }, null],
    ['deleted while open', { error: error('SPEC_DELETED'), limits, role: 'owner' }, 'deleted'],
    ['taken away while open', { error: error('FORBIDDEN'), limits, role: null }, 'taken'],
    ['gone while offline', { error: error('SPEC_NOT_FOUND'), limits, role: 'viewer' }, 'missing'],
    ['opened without right', { error: error('SPEC_NOT_FOUND') }, 'missing'],
    ['no right to any spec', { error: error('FORBIDDEN') }, 'barred'],
    ['edits of one who may only view', { error: error('FORBIDDEN'), limits, role: 'viewer' }, null],
    ['a login that expired', { error: error('UNAUTHENTICATED'), limits, role: 'viewer' }, null]
  ])('%s', (_, state, absence) => {
    expect(absenceOf({ ...INITIAL_STATE, status: 'ended', ...state })).toBe(absence);
  });
});

describe('what the page says', () => {
  it('tells the login name by which the spec can be shared', () => {
    expect(absenceAdvice('missing', 'vera', '', trans)).toContain('“vera”');
    expect(absenceAdvice('missing', null, '', trans)).not.toContain('“');
  });

  it('leaves it to a server that lets nobody in to say why', () => {
    const lines = 'Ask the admin to add the scope to c.Spawner.oauth_client_allowed_scopes.';
    expect(absenceAdvice('barred', 'vera', lines, trans)).toBe(lines);
  });
});
