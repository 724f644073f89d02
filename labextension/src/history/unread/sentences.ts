import type { TranslationBundle } from '@jupyterlab/translation';

import type { SubjectChange } from '../../server/readMarks';
import { dayName, momentName } from '../times';
import { namesOf } from '../words';
import type { News } from './news';

/** A moment in the middle of a sentence: the time of day if it is today's, else the day. Both in milliseconds. */
export function sinceName(then: number, now: number, locale?: string): string {
  const isToday = new Date(then).toDateString() === new Date(now).toDateString();
  if (isToday) {
    const format = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
    return format.format(then);
  }
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  return new Date(then).toDateString() === yesterday.toDateString()
    ? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-1, 'day')
    : dayName(then, now, locale);
}

/** "2 sections changed since Tuesday", "“Security” changed since 14:02". */
export function newsSentence(
  { sections, removed, since }: News,
  now: number,
  trans: TranslationBundle,
  locale?: string
): string {
  const when = sinceName(since, now, locale);
  const count = sections.length + removed.length;
  if (count === 0) {
    return trans.__('Changed since %1', when);
  }
  if (count === 1 && removed.length) {
    return trans.__('“%1” was removed since %2', removed[0], when);
  }
  if (count === 1) {
    return sections[0]
      ? trans.__('“%1” changed since %2', sections[0], when)
      : trans.__('The beginning changed since %1', when);
  }
  return trans._n('%1 section changed since %2', '%1 sections changed since %2', count, when);
}

/** Which sections, and who: for the pointer, and for screen readers. */
export function newsDetails({ sections, removed, people }: News, trans: TranslationBundle): string {
  const lines = [
    people.length ? trans.__('By %1', namesOf(people, trans)) : '',
    ...sections.slice(0, MOST_TITLES).map(title => title || trans.__('The beginning')),
    sections.length > MOST_TITLES ? trans.__('and %1 more', sections.length - MOST_TITLES) : '',
    ...removed.slice(0, MOST_TITLES).map(title => trans.__('%1 (removed)', title))
  ];
  return lines.filter(Boolean).join('\n');
}

/** How many titles are told. */
const MOST_TITLES = 12;

/** Who wrote what is new, and when; `isGone` where letters went. */
export function pieceSentence(
  name: string,
  then: number,
  now: number,
  isGone: boolean,
  trans: TranslationBundle,
  locale?: string
): string {
  if (then === 0) {
    return isGone ? trans.__('%1 removed something here', name) : name;
  }
  const when = momentName(then, now, locale);
  return isGone
    ? trans.__('%1 removed something here (%2)', name, when)
    : trans.__('%1, %2', name, when);
}

/** "Changed by Grace and Ada, last on Tuesday, 14:02". */
export function subjectSentence(
  { people, lastModified }: SubjectChange,
  now: number,
  trans: TranslationBundle,
  locale?: string
): string {
  const when = momentName(Date.parse(lastModified), now, locale);
  const names = namesOf(
    people.map(({ userName }) => userName),
    trans
  );
  return people.length > 1
    ? trans.__('Changed by %1, last: %2', names, when)
    : trans.__('Changed by %1: %2', names, when);
}
