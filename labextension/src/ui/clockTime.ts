/** Milliseconds after which a time of day alone would be taken for one of today. */
const TODAY = 12 * 3_600_000;

/** The time of day at `then`, such as "14:02", with the weekday where it is long ago. Both in milliseconds. */
export function clockTime(then: number, now: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, {
    hour: 'numeric',
    minute: '2-digit',
    ...(now - then > TODAY && { weekday: 'short' })
  }).format(then);
}
