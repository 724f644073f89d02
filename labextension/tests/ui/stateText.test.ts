import { readFileSync } from 'node:fs';

import type { TranslationBundle } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { type ConnectionState, INITIAL_STATE } from '../../src/session/connectionState';
import { clockTime } from '../../src/ui/clockTime';
import { sentencesText, stateSentences, stateText } from '../../src/ui/stateText';

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
    [{ status: 'offline', pendingOperations: 2 }, 'Opening… · 2 edits kept here'],
    [
      { status: 'connecting', attempts: 2, lostSince: since, retryInSeconds: 1.2 },
      `Offline since ${SINCE} · next try in 2 s`
    ],
    [{ status: 'synchronised', role: 'contributor' }, 'Saved'],
    [{ status: 'synchronised', role: 'viewer' }, 'View only'],
    [{ status: 'synchronised', role: 'commenter' }, 'Comment only'],
    [{ status: 'saving', pendingOperations: 1 }, 'Saving…'],
    [
      { status: 'saving', pendingOperations: 1, pendingParts: 80 },
      'Saving a long edit, 80 parts to go'
    ],
    [{ status: 'synchronised', leftOperations: 2 }, 'Sending what another tab left'],
    [
      { status: 'saving', pendingOperations: 2, isContinuing: true },
      'Sending what another tab left'
    ],
    [
      {
        status: 'offline',
        attempts: 1,
        lostSince: since,
        pendingOperations: 14,
        retryInSeconds: 8
      },
      `Offline since ${SINCE} · 14 edits kept here · next try in 8 s`
    ],
    [
      {
        status: 'offline',
        attempts: 1,
        lostSince: since,
        pendingOperations: 1,
        isKeeping: false,
        retryInSeconds: null
      },
      `Offline since ${SINCE} · 1 edit only in this page · connecting…`
    ],
    [
      { status: 'offline', attempts: 1, lostSince: since, retryInSeconds: 0.1 },
      `Offline since ${SINCE} · next try in 1 s`
    ],
    [{ status: 'synchronised', relief: 'saved' }, 'All edits saved'],
    [{ status: 'synchronised', relief: 'fetched' }, 'All edits saved'],
    [{ status: 'synchronised', relief: 'connected' }, 'Back online'],
    [
      { status: 'saving', pendingOperations: 13, trouble },
      `Not saved since ${SINCE} · 13 edits kept here`
    ],
    [{ status: 'synchronised', trouble }, `Not up to date since ${SINCE}`],
    [{ status: 'ended' }, 'Not connected'],
    [{ status: 'ended', pendingOperations: 3 }, 'Not connected · 3 edits kept here']
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

describe('stateSentences', () => {
  const sentences = (state: Partial<ConnectionState>) =>
    stateSentences({ ...INITIAL_STATE, ...state }, trans);
  const text = (state: Partial<ConnectionState>) => {
    const found = sentences(state);
    return found && sentencesText(found);
  };
  const offline = { status: 'offline', attempts: 2, lostSince: since, retryInSeconds: 8 } as const;

  it('says that the user can go on typing, if they may edit', () => {
    expect(text({ ...offline, canEdit: true })).toBe(
      `Offline since ${SINCE}. You can go on typing: your edits are kept in this browser until they are sent. ` +
        'Next try in 8 s.'
    );
    expect(text({ ...offline, canEdit: true, isKeeping: false })).toContain('leave the page open');
    expect(text({ ...offline, canEdit: false })).toBe(`Offline since ${SINCE}. Next try in 8 s.`);
  });

  it('says what is wrong, what is kept and where, and what happens next', () => {
    const saving = { status: 'saving', pendingOperations: 13, canEdit: true, trouble } as const;
    expect(text(saving)).toBe(
      `Not saved since ${SINCE}. The disk is full. 13 edits are kept in this browser until they are sent. ` +
        'You can go on typing.'
    );
    expect(text({ ...saving, isKeeping: false })).toContain('leave the page open');
    expect(text({ ...offline, leftOperations: 2 })).toContain('2 edits that another tab left');
  });

  it('keeps what counts down apart', () => {
    expect(sentences({ ...offline, canEdit: true })?.next).toBe('Next try in 8 s.');
    expect(sentences({ ...offline, canEdit: true })?.rest.join()).not.toContain('8 s');
  });

  it('says so if the server is away for long', () => {
    expect(text({ ...offline, attempts: 5 })).not.toContain('for a while');
    expect(text({ ...offline, attempts: 6 })).toContain('The server has been away for a while.');
  });

  it('says what is well again, and what another tab left', () => {
    const well = { status: 'synchronised' } as const;
    expect(text({ ...well })).toBeNull();
    expect(text({ ...well, relief: 'connected' })).toBe('Back online.');
    expect(text({ ...well, relief: 'reconnected' })).toBe('Back online. All edits saved.');
    expect(text({ status: 'saving', pendingOperations: 2, relief: 'connected' })).toBe(
      'Back online. Your edits are being sent.'
    );
    expect(text({ ...well, relief: 'fetched' })).toBe(
      'All edits saved. What another tab left is in the text now.'
    );
    expect(text({ ...well, leftOperations: 4 })).toBe(
      'Sending what another tab left. 4 edits were kept in this browser.'
    );
  });
});

it('the table of sentences in the documentation holds these', () => {
  const table = readFileSync(`${import.meta.dirname}/../../../docs/states.md`, 'utf8');
  const code = readFileSync(`${import.meta.dirname}/../../src/ui/stateText.ts`, 'utf8');
  const calls = code.matchAll(/trans\._[_n]\(\s*'([^']+)'(?:,\s*'([^']+)')?/g);
  const sentences = [...calls].flatMap(([, one, many]) => (many ? [one!, many] : [one!]));
  expect(sentences.length).toBeGreaterThan(20);
  const plain = (text: string) => text.replace(/%\d/g, '…').replace(/\s+/g, ' ');
  const missing = sentences
    .filter(text => text !== '%1.')
    .filter(text => !plain(table).includes(plain(text)));
  expect(missing).toEqual([]);
});
