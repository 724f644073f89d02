import type { TranslationBundle } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { endingOf } from '../../src/session/endings';
import { FORBIDDEN, MERGED, OTHER_USER, REPLACED, TOO_LARGE } from '../../src/sync/notices';
import { endingText, messageText } from '../../src/ui/messageText';

/** Marks what has gone through it. */
const trans = { __: (text: string) => `<${text}>` } as unknown as TranslationBundle;
const TRANSLATED = /^<[A-Z].*\.>$/;
const UNKNOWN = /no reason that is known/;
const ours = (code: string) => ({ code, message: '' });

describe('messageText', () => {
  it.each([MERGED, REPLACED, OTHER_USER, TOO_LARGE, FORBIDDEN, ours('NO_ANSWER')])(
    'has words for $code',
    message => {
      expect(messageText(message, trans)).toMatch(TRANSLATED);
      expect(messageText(message, trans)).not.toMatch(UNKNOWN);
    }
  );

  it('returns what a server says under another code, and never nothing', () => {
    expect(messageText({ code: 'NEW', message: 'As said.' }, trans)).toBe('As said.');
    expect(messageText(ours('NEW'), trans)).toMatch(UNKNOWN);
  });
});

describe('endingText', () => {
  it.each([
    'UNAUTHENTICATED',
    'TOKEN_EXPIRED',
    'SPEC_FULL',
    'TOO_MANY_SESSIONS',
    'DOCUMENT_TOO_LARGE',
    'OPERATION_TOO_LARGE',
    'INVALID_OPERATION',
    'INVALID_CONTENT'
  ])('has words for %s, whatever the server says', code => {
    const text = endingText({ code, message: 'In English.' }, trans);
    expect(text).toMatch(TRANSLATED);
    expect(text).not.toMatch(UNKNOWN);
  });

  it.each([1009, 4401, 4403, 4429])('has words where a server only closes with %i', close => {
    const ending = endingOf(close, null);
    const text = ending.kind === 'final' ? endingText(ending.error, trans) : '';
    expect(text).toMatch(TRANSLATED);
    expect(text).not.toMatch(UNKNOWN);
  });

  it('prefers the words of a hub that lets nobody in', () => {
    const message = 'Ask the admin of the hub for the scope.';
    expect(endingText({ code: 'FORBIDDEN', message }, trans)).toBe(message);
  });
});
