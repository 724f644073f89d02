import type { TranslationBundle } from '@jupyterlab/translation';

import { fullTime, momentName } from '../times';
import { namesOf } from '../words';
import type { Writer } from './authors';
import type { Version } from './compared';

/** What a version is called: by its day and time, or "now". */
export function nameOf(
  { version, time }: Version,
  trans: TranslationBundle,
  locale: string | undefined
): string {
  if (version === null || time === null) {
    return trans.__('Now');
  }
  return version === 0 ? trans.__('The beginning') : momentName(time, Date.now(), locale);
}

/** What two versions are called; with their numbers where their times read the same. */
export function namesOfBoth(
  older: Version,
  newer: Version,
  trans: TranslationBundle,
  locale: string | undefined
): readonly [string, string] {
  const names = [older, newer].map(each => nameOf(each, trans, locale)) as [string, string];
  const numbered = (name: string, { version }: Version) =>
    trans.__('%1 (version %2)', name, version ?? 0);
  return names[0] === names[1] ? [numbered(names[0], older), numbered(names[1], newer)] : names;
}

/** "Grace, Tuesday, 14:02": who wrote some letters, and when. */
export function toldOf(
  { userName, time }: Writer,
  trans: TranslationBundle,
  locale: string | undefined
): string {
  const name = userName || trans.__('Somebody');
  return trans.__('%1, %2', name, fullTime(time, locale));
}

/** The people of a change, and when the last of them wrote; empty where nobody is known. */
export function writersOf(
  writers: readonly Writer[],
  trans: TranslationBundle,
  locale: string | undefined
): string {
  if (writers.length === 0) {
    return '';
  }
  const names = namesOf(
    writers.map(({ userName }) => userName || trans.__('Somebody')),
    trans
  );
  return trans.__('%1, %2', names, momentName(writers[0]!.time, Date.now(), locale));
}
