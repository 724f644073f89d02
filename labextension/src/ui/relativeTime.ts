const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60]
];

/** How long ago `then` was, such as "5 min. ago"; `null` for less than a minute. Both times in milliseconds. */
export function relativeTime(then: number, now: number, locale: string): string | null {
  const seconds = Math.max(0, (now - then) / 1000);
  const unit = UNITS.find(([, length]) => seconds >= length);
  if (!unit) {
    return null;
  }
  const [name, length] = unit;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  return format.format(-Math.floor(seconds / length), name);
}
