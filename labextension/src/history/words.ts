import type { TranslationBundle } from '@jupyterlab/translation';

import type { Sitting } from '../server/history';

/** How many people are named; the others are counted. */
const NAMED = 3;

/** "Ada", "Ada and Grace", "Ada, Grace and 3 others". */
export function namesOf(names: readonly string[], trans: TranslationBundle): string {
  if (names.length <= 1) {
    return names[0] ?? trans.__('Nobody');
  }
  if (names.length <= NAMED) {
    return trans.__('%1 and %2', names.slice(0, -1).join(', '), names.at(-1)!);
  }
  const others = names.length - (NAMED - 1);
  const first = names.slice(0, NAMED - 1).join(', ');
  return trans._n('%2 and %1 other', '%2 and %1 others', others, first);
}

/** What changed: without the numbers of lines that the server's line ends with, since letters are told beside it. */
export function summaryOf({ changesSummary }: Pick<Sitting, 'changesSummary'>): string {
  return changesSummary.replace(/,? ?(?:[+−]\d+ ?)+lines?$/u, '');
}

/** "+120 −3 letters", for eyes. */
export function lettersOf(
  { added, removed }: Pick<Sitting, 'added' | 'removed'>,
  trans: TranslationBundle,
  locale?: string
): string {
  const number = new Intl.NumberFormat(locale);
  const changed = [added && `+${number.format(added)}`, removed && `−${number.format(removed)}`];
  const counts = changed.filter(Boolean).join(' ');
  return counts ? trans._n('%2 letter', '%2 letters', added + removed, counts) : '';
}

/** "120 letters added, 3 removed", for ears. */
export function lettersAloud({ added, removed }: Sitting, trans: TranslationBundle): string {
  const parts = [
    added && trans._n('%1 letter added', '%1 letters added', added),
    removed && trans._n('%1 letter removed', '%1 letters removed', removed)
  ].filter(Boolean);
  return parts.length ? parts.join(', ') : trans.__('no letters changed');
}
