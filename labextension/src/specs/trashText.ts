import type { TranslationBundle } from '@jupyterlab/translation';

import type { SpecEntry } from '../server/specs';
import { relativeTime } from '../ui/relativeTime';

const DAY = 86_400_000;

/** Tells that a spec was put into the trash. */
export function deletedSentence(title: string, trans: TranslationBundle): string {
  return trans.__('“%1” is in the trash.', title);
}

/** What a deletion means; `others` are the names of those who have the spec open. */
export function deletionAdvice(
  others: readonly string[],
  days: number,
  trans: TranslationBundle
): string {
  const [first = '', second = ''] = others;
  const more = others.length - 1;
  const here =
    others.length === 0
      ? []
      : others.length === 2
        ? [trans.__('%1 and %2 have it open; it closes for them.', first, second)]
        : more > 0
          ? [trans.__('%1 and %2 others have it open; it closes for them.', first, more)]
          : [trans.__('%1 has it open; it closes for them.', first)];
  const then =
    days > 0
      ? trans._n(
          'It stays in the trash for %1 day, from where its owners can restore it.',
          'It stays in the trash for %1 days, from where its owners can restore it.',
          days
        )
      : trans.__(
          'It goes with its whole history, for everybody. To keep its text, download it first.'
        );
  return [...here, then].join(' ');
}

/** Who deleted a spec in the trash, and when. */
export function deletionText(
  { deletedAt, deletedByName }: SpecEntry,
  now: number,
  locale: string,
  trans: TranslationBundle
): string {
  const when = relativeTime(Date.parse(deletedAt ?? ''), now, locale) ?? trans.__('just now');
  return deletedByName
    ? trans.__('Deleted by %1, %2', deletedByName, when)
    : trans.__('Deleted %1', when);
}

/** How long a spec stays in the trash. */
export function timeLeft({ endsAt }: SpecEntry, now: number, trans: TranslationBundle): string {
  const days = Math.ceil((Date.parse(endsAt ?? '') - now) / DAY);
  return days > 1 ? trans._n('%1 day left', '%1 days left', days) : trans.__('Goes within a day');
}

/** What the trash is, in a sentence. */
export function trashSentence(days: number | null, trans: TranslationBundle): string {
  return days
    ? trans._n(
        'Deleted specs stay here for %1 day, with their history. Then they go for good.',
        'Deleted specs stay here for %1 days, with their history. Then they go for good.',
        days
      )
    : trans.__('Deleted specs stay here for a while, with their history.');
}
