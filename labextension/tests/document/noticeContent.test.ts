import type { TranslationBundle } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { noticeOf } from '../../src/document/noticeContent';
import { type ConnectionState, INITIAL_STATE } from '../../src/session/connectionState';

const trans = {
  __: (text: string) => text,
  _n: (one: string, many: string, n: number) => (n === 1 ? one : many)
} as unknown as TranslationBundle;

const notice = (state: Partial<ConnectionState>) => noticeOf({ ...INITIAL_STATE, ...state }, trans);
const trouble = { code: 'STORE_UNAVAILABLE', message: 'The disk is full.', since: 0 };

describe('a notice', () => {
  it('is the same event while it counts edits, tries and seconds', () => {
    const saving = { status: 'saving', trouble } as const;
    const offline = { status: 'offline', attempts: 2, lostSince: 1 } as const;
    expect(notice({ ...saving, pendingOperations: 1 })?.event).toBe(
      notice({ ...saving, pendingOperations: 9 })?.event
    );
    expect(notice({ ...offline, retryInSeconds: 3 })?.event).toBe(
      notice({ ...offline, attempts: 4, retryInSeconds: 9 })?.event
    );
    const fuller = { ...trouble, message: 'The disk is full: 9 bytes are missing.' };
    expect(notice({ ...saving, trouble: fuller })?.event).toBe(notice(saving)?.event);
    for (const other of [{ code: 'QUOTA_EXCEEDED' }, { since: 1 }]) {
      const otherTrouble = { ...trouble, ...other };
      expect(notice({ ...saving, trouble: otherTrouble })?.event).not.toBe(notice(saving)?.event);
    }
  });

  it('tells of trouble before anything else that can be dismissed, and of its end', () => {
    const note = { code: 'MERGED', message: 'Merged.' };
    expect(notice({ status: 'saving', trouble, notice: note })?.kind).toBe('trouble');
    expect(notice({ status: 'synchronised', notice: note })?.kind).toBe('note');
    expect(notice({ status: 'synchronised', relief: 'saved' })).toMatchObject({
      kind: 'saved',
      lead: 'All edits saved.'
    });
    expect(notice({ status: 'synchronised' })).toBeNull();
  });

  it('does not tell of the first failed attempt to connect', () => {
    expect(notice({ status: 'offline', attempts: 1, lostSince: 1 })).toBeNull();
    expect(notice({ status: 'offline', attempts: 1, lostSince: 1, trouble })).not.toBeNull();
    expect(notice({ status: 'offline', attempts: 2, lostSince: 1 })?.canRetry).toBe(true);
  });

  it('tells what becomes of edits that were refused for good, and how to go on', () => {
    const error = { code: 'INVALID_CONTENT', message: 'In English.' };
    const kept = notice({ status: 'ended', error, isKeeping: true });
    expect(kept).toMatchObject({ kind: 'error', isRescue: true, canRetry: false });
    expect(kept?.lead).toBe('Your last edits hold characters that no text may hold.');
    expect(kept?.rest.join(' ')).toMatch(/kept in this browser.*close this spec and open it again/);
    const lost = notice({ status: 'ended', error, isKeeping: false });
    expect(lost).toMatchObject({ kind: 'error', isRescue: false });
    expect(lost?.rest.join(' ')).toMatch(/can’t store them\. Copy your text/);
  });
});
