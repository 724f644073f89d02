const DAY = 86_400_000;

function dayOf(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY;
}

/** The day of `then`: "today", "yesterday", a weekday within a week, else the date. Both in milliseconds. */
export function dayName(then: number, now: number, locale?: string): string {
  const ago = dayOf(now) - dayOf(then);
  if (ago === 0 || ago === 1) {
    const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-ago, 'day');
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  }
  const isThisYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  const format: Intl.DateTimeFormatOptions =
    ago > 1 && ago < 7
      ? { weekday: 'long' }
      : { day: 'numeric', month: 'long', ...(!isThisYear && { year: 'numeric' }) };
  return new Intl.DateTimeFormat(locale, format).format(then);
}

/** From when to when, as times of day; one of them where both read the same. */
export function timeSpan(from: number, to: number, locale?: string): string {
  const format = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  return dayOf(from) === dayOf(to)
    ? format.formatRange(from, to)
    : `${format.format(from)} – ${shortTime(to, locale)}`;
}

function shortTime(time: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    hour: 'numeric',
    minute: '2-digit'
  }).format(time);
}

/** Day and time of a version, such as "Tuesday, 14:02". */
export function momentName(then: number, now: number, locale?: string): string {
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(then);
  return `${dayName(then, now, locale)}, ${time}`;
}

/** The whole date and time, for tooltips. */
export function fullTime(time: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(time);
}
