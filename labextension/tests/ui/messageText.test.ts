import type { TranslationBundle } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { messageText } from '../../src/ui/messageText';

const trans = { __: (text: string) => text } as unknown as TranslationBundle;

describe('messageText', () => {
  it('translates known codes, and returns other messages as the server sent them', () => {
    expect(messageText({ code: 'UNAUTHENTICATED', message: '' }, trans)).toContain('Log in again');
    expect(messageText({ code: 'NEW', message: 'As said.' }, trans)).toBe('As said.');
  });
});
