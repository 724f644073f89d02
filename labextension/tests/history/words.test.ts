// @vitest-environment node
import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { dayName, momentName, timeSpan } from '../../src/history/times';
import { lettersOf, namesOf, summaryOf } from '../../src/history/words';

const trans = nullTranslator.load('');
const at = (day: number, hour: number, minute = 0) =>
  new Date(2026, 10, day, hour, minute).getTime();

describe('times in the history', () => {
  it('name the day', () => {
    const now = at(26, 15);
    expect(dayName(at(26, 0, 1), now, 'en')).toBe('Today');
    expect(dayName(at(25, 23, 59), now, 'en')).toBe('Yesterday');
    expect(dayName(at(24, 9), now, 'en')).toBe('Tuesday');
    expect(dayName(at(19, 9), now, 'en')).toBe('November 19');
    expect(dayName(new Date(2025, 4, 2).getTime(), now, 'en')).toBe('May 2, 2025');
    expect(dayName(at(25, 9), now, 'de')).toBe('Gestern');
  });

  it('tell from when to when, and one time where both read the same', () => {
    expect(timeSpan(at(26, 14, 2), at(26, 14, 40), 'en-GB')).toBe('14:02–14:40');
    expect(timeSpan(at(26, 14, 2), at(26, 14, 2) + 20_000, 'en-GB')).toBe('14:02');
    expect(timeSpan(at(25, 23, 50), at(26, 0, 10), 'en-GB')).toMatch(/^23:50 – Thu.* 00:10$/);
    expect(momentName(at(24, 14, 2), at(26, 15), 'en-GB')).toBe('Tuesday, 14:02');
  });
});

describe('words in the history', () => {
  it('name people, and count those that are too many', () => {
    expect(namesOf(['Ada'], trans)).toBe('Ada');
    expect(namesOf(['Ada', 'Grace'], trans)).toBe('Ada and Grace');
    expect(namesOf(['Ada', 'Grace', 'Alan'], trans)).toBe('Ada, Grace and Alan');
    expect(namesOf(['Ada', 'Grace', 'Alan', 'Edsger'], trans)).toBe('Ada, Grace and 2 others');
  });

  it('tell what changed without the numbers of lines, which stand beside it in letters', () => {
    expect(summaryOf({ changesSummary: 'changed “Security”, +12 −3 lines' })).toBe(
      'changed “Security”'
    );
    expect(summaryOf({ changesSummary: '+1 line' })).toBe('');
    expect(summaryOf({ changesSummary: 'no changes' })).toBe('no changes');
    expect(lettersOf({ added: 1200, removed: 3 }, trans, 'en')).toBe('+1,200 −3 letters');
    expect(lettersOf({ added: 1, removed: 0 }, trans, 'en')).toBe('+1 letter');
    expect(lettersOf({ added: 0, removed: 0 }, trans, 'en')).toBe('');
  });
});
