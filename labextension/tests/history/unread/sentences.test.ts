// @vitest-environment node
import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { byOthers, goneIn, type News, newsOf } from '../../../src/history/unread/news';
import {
  newsDetails,
  newsSentence,
  sinceName,
  subjectSentence
} from '../../../src/history/unread/sentences';
import type { SubjectChange } from '../../../src/server/readMarks';

const trans = nullTranslator.load('jupyter_speccollab');
const NOW = new Date(2026, 10, 26, 15, 0).getTime(); // a Thursday
const TUESDAY = new Date(2026, 10, 24, 9, 30).getTime();

const change = (
  id: string,
  title: string,
  people: string[],
  more: Partial<SubjectChange> = {}
): SubjectChange => ({
  subject: { kind: /^[A-Z]/.test(id) ? 'requirement' : 'heading', id, title },
  added: 3,
  removed: 0,
  people: people.map(userName => ({ userId: userName.toLowerCase(), userName })),
  firstVersion: 4,
  lastVersion: 9,
  lastModified: new Date(TUESDAY).toISOString(),
  ...more
});

describe('the words about what is new', () => {
  const told = (entries: readonly SubjectChange[]): News => newsOf(entries, 'ada', TUESDAY, 3)!;
  const say = (news: News) => newsSentence(news, NOW, trans, 'en');
  const security = change('security', 'Security', ['Grace']);
  const churn = change('FR-004', 'Predict churn', ['Ada', 'Grace']);

  it('say how much changed since when, and name a single section', () => {
    expect(say(told([security]))).toBe('“Security” changed since Tuesday');
    expect(say(told([security, churn]))).toBe('2 sections changed since Tuesday');
    expect(say(told([{ ...security, subject: null }]))).toBe('The beginning changed since Tuesday');
    const gone = { ...security.subject!, deleted: true };
    expect(say(told([{ ...security, subject: gone }]))).toBe(
      '“Security” was removed since Tuesday'
    );
    expect(say({ ...told([churn]), sections: [] })).toBe('Changed since Tuesday');
    expect(newsDetails(told([security, churn]), trans)).toBe(
      'By Grace\nSecurity\nFR-004 Predict churn'
    );
  });

  it('name a moment as people do', () => {
    const hour = 3_600_000;
    expect(sinceName(NOW - hour, NOW, 'en')).toBe('2:00 PM');
    expect(sinceName(NOW - 24 * hour, NOW, 'en')).toBe('yesterday');
    expect(sinceName(TUESDAY, NOW, 'en')).toBe('Tuesday');
    expect(sinceName(NOW - 30 * 24 * hour, NOW, 'en')).toBe('October 27');
  });

  it('leave out what one changed alone', () => {
    const mine = change('mine', 'Mine', ['Ada']);
    expect(byOthers([mine, churn], 'ada')).toEqual([churn]);
    expect(newsOf([], 'ada', TUESDAY, 3)).toBeNull();
  });

  it('find the places from which others took letters', () => {
    const gone = { ...security, added: 0, removed: 5 };
    const hunk = { removed: 'abc', added: '', authors: { grace: 'Grace' } };
    const hunks = [
      { ...hunk, position: 4, added: '🐍x' },
      { ...hunk, position: 10 },
      { ...hunk, position: 20, authors: { ada: 'Ada' } },
      { ...hunk, position: 40 }
    ];
    const by = { userId: 'grace', time: TUESDAY / 1000 };
    expect(goneIn(hunks, { from: 6, to: 9, entries: [gone] }, 'ada')).toEqual([
      { at: 9, version: 7, by, isSeen: false },
      { at: 33, version: 7, by, isSeen: false }
    ]);
  });

  it('tell of a section who changed it, and when', () => {
    expect(subjectSentence(security, NOW, trans, 'en')).toBe('Changed by Grace: Tuesday, 9:30 AM');
    expect(subjectSentence(churn, NOW, trans, 'en')).toBe(
      'Changed by Ada and Grace, last: Tuesday, 9:30 AM'
    );
  });
});
