import type { TranslationBundle } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { type ConnectionState, INITIAL_STATE } from '../../src/session/connectionState';
import { clockTime } from '../../src/ui/clockTime';
import { stateText, troubleAdvice } from '../../src/ui/stateText';

const fill = (text: string, args: unknown[]) =>
  text.replace(/%(\d)/g, (_, n: string) => String(args[Number(n) - 1]));

/** English, as in JupyterLab without a language pack. */
const trans = {
  __: (text: string, ...args: unknown[]) => fill(text, args),
  _n: (one: string, many: string, n: number, ...args: unknown[]) =>
    fill(n === 1 ? one : many, [n, ...args])
} as unknown as TranslationBundle;

const since = Date.now() - 60_000;
const SINCE = clockTime(since, Date.now());
const trouble = { code: 'STORE_UNAVAILABLE', message: 'The disk is full.', since };

describe('stateText', () => {
  it.each<[Partial<ConnectionState>, string]>([
    [{ status: 'connecting' }, 'Opening…'],
    [{ status: 'connecting', attempts: 2, retryInSeconds: 1.2 }, 'Offline, next try in 2 s'],
    [{ status: 'synchronised', role: 'contributor' }, 'Synchronised'],
    [{ status: 'synchronised', role: 'viewer' }, 'View only'],
    [{ status: 'saving', pendingOperations: 1 }, 'Saving 1 edit'],
    [{ status: 'saving', pendingOperations: 2 }, 'Saving 2 edits'],
    [
      { status: 'saving', pendingOperations: 1, pendingParts: 80 },
      'Saving a long edit, 80 parts to go'
    ],
    [
      { status: 'offline', pendingOperations: 14, retryInSeconds: 8 },
      'Offline, keeping 14 edits, next try in 8 s'
    ],
    [{ status: 'offline', retryInSeconds: 0.1 }, 'Offline, next try in 1 s'],
    [{ status: 'offline', retryInSeconds: null }, 'Offline, connecting…'],
    [{ status: 'synchronised', isRelieved: true }, 'All edits saved'],
    [
      { status: 'saving', pendingOperations: 13, trouble },
      `Not saved since ${SINCE}, keeping 13 edits`
    ],
    [{ status: 'synchronised', trouble }, `Not up to date since ${SINCE}`],
    [
      { status: 'offline', pendingOperations: 1, retryInSeconds: 8, trouble },
      `Not connected since ${SINCE}, keeping 1 edit, next try in 8 s`
    ],
    [{ status: 'ended' }, 'Disconnected']
  ])('%j reads %j', (state, text) => {
    expect(stateText({ ...INITIAL_STATE, ...state }, trans)).toBe(text);
  });
});

it('the time is written as in the language of JupyterLab', () => {
  const german = { ...trans, getLocale: () => 'de_DE' };
  const noon = new Date(2026, 0, 5, 13, 2).getTime();
  const state = {
    ...INITIAL_STATE,
    status: 'synchronised',
    trouble: { ...trouble, since: noon }
  } as const;
  expect(stateText(state, german)).toContain(clockTime(noon, Date.now(), 'de-DE'));
  expect(stateText(state, { ...trans, getLocale: () => 'ar-EG' } as never)).toContain(
    clockTime(noon, Date.now(), 'ar-EG')
  );
});

describe('troubleAdvice', () => {
  const advice = (state: Partial<ConnectionState>) =>
    troubleAdvice({ ...INITIAL_STATE, status: 'offline', retryInSeconds: 8, ...state }, trans);

  it('says that the user can go on typing, if they may edit', () => {
    expect(advice({ canEdit: true, isKeeping: true })).toBe(
      'Offline, next try in 8 s. You can go on typing.'
    );
    expect(advice({ canEdit: true, isKeeping: false })).toContain('leave this page open');
    expect(advice({ canEdit: false })).toBe('Offline, next try in 8 s.');
  });

  it('says what is wrong, what is kept and where, and what happens next', () => {
    const saving = { status: 'saving', pendingOperations: 13, canEdit: true, trouble } as const;
    expect(advice({ ...saving, isKeeping: true })).toBe(
      `Not saved since ${SINCE}, keeping 13 edits. The disk is full. The edits are kept in this browser and ` +
        'are sent as soon as the server takes them. You can go on typing.'
    );
    expect(advice({ ...saving, isKeeping: false })).toContain('leave this page open');
  });

  it('says so if the server is away for long', () => {
    expect(advice({ attempts: 5 })).not.toContain('for a while');
    expect(advice({ attempts: 6 })).toContain('This page tries again every 30 seconds.');
  });
});
