const [HOUR, DAY] = [3_600, 86_400];

/** Up to how many seconds ago letters of an age were written, from the newest to the oldest age. */
export const AGES: readonly number[] = [HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY, Infinity];

/** The index of the age of what was written at `time`. Both in seconds. */
export function ageOf(time: number, now: number): number {
  return AGES.findIndex(limit => now - time < limit);
}
