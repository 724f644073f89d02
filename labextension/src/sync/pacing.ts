import type { RateLimit } from '../protocol';

/** The span of time, in milliseconds, in which a user's operations are counted. */
export const WINDOW_MS = 60_000;
/** However full the window is, a person's edits wait no longer than this for each other. */
export const LONGEST_MS = 1200;
/** The least distance of two operations while there is plenty left. */
const SHORTEST_MS = 100;
/** The share of the limit that may be used as fast as one types; the rest is spent evenly. */
const AT_ONCE = 0.18;
/** The share of the limit that even spending uses. */
const EVENLY = 0.8;
/** From this many operations a minute on the round trip alone is pacing enough. */
const UNPACED = 6000;

/**
 * When the next operation may go: a value, replaced with each one that is sent.
 *
 * It holds a purse of turns: some twenty at first, and one more each 0.75 s (at 100 a minute). In any
 * minute at most `AT_ONCE + EVENLY` of the limit can then be spent, which leaves a little for the jitter of
 * the network. What other sessions of the same user spend is seen in the acknowledgements; turns then come
 * more slowly, down to one each 1.2 s.
 *
 * Law (`pacing.test.ts`): half an hour of typing without a pause meets no refusal, and no wait above 1.2 s.
 */
export interface Pacing {
  /** Operations a minute. */
  readonly limit: number;
  /** Turns in the purse at `at`, a fraction included. */
  readonly turns: number;
  readonly at: number;
  /** When the own operations of the last minute went; empty where nothing is paced. */
  readonly sent: readonly number[];
  /** What other sessions of the user had spent in their minute, when the server last said what is left. */
  readonly ofOthers: { readonly count: number; readonly at: number };
  /** Milliseconds in which one turn comes back. */
  readonly interval: number;
  /** Nothing goes before this moment. */
  readonly notBefore: number;
}

/** Times are milliseconds of one clock throughout. */
export function startPacing(limit: number, now: number): Pacing {
  return {
    limit,
    turns: atOnce(limit),
    at: now,
    sent: [],
    ofOthers: { count: 0, at: now },
    interval: evenInterval(limit, 0),
    notBefore: now
  };
}

/** Milliseconds until the next operation may go. */
export function waitBefore(pacing: Pacing, now: number): number {
  if (pacing.limit >= UNPACED) {
    return Math.max(0, pacing.notBefore - now);
  }
  const turns = turnsAt(pacing, now);
  const untilTurn = turns >= 1 ? 0 : (1 - turns) * pacing.interval;
  return Math.max(0, untilTurn, pacing.notBefore - now);
}

/** How many operations this minute has left for the user, as far as is known; `null` where nothing is paced. */
export function paceLeft(pacing: Pacing, now: number): number | null {
  if (pacing.limit >= UNPACED) {
    return null;
  }
  const { count, at } = pacing.ofOthers;
  const ofOthers = at > now - WINDOW_MS ? count : 0;
  return Math.max(0, pacing.limit - ofOthers - recent(pacing, now).length);
}

/** An operation goes now. */
export function paceSent(pacing: Pacing, now: number): Pacing {
  if (pacing.limit >= UNPACED) {
    return pacing;
  }
  return {
    ...pacing,
    turns: turnsAt(pacing, now) - 1,
    at: now,
    sent: [...recent(pacing, now), now],
    notBefore: now + Math.min(SHORTEST_MS, pacing.interval)
  };
}

/** The server said what is left to this user, all sessions together. */
export function paceAcknowledged(pacing: Pacing, left: RateLimit | undefined, now: number): Pacing {
  if (!left || pacing.limit >= UNPACED) {
    return pacing;
  }
  const sent = recent(pacing, now);
  const ofOthers = Math.max(0, pacing.limit - left.remaining - sent.length);
  const emptied = left.remaining === 0 ? now + Math.min(left.resetMs, LONGEST_MS) : 0;
  return {
    ...pacing,
    sent,
    turns: Math.min(turnsAt(pacing, now), left.remaining),
    at: now,
    ofOthers: { count: ofOthers, at: now },
    interval: evenInterval(pacing.limit, ofOthers),
    notBefore: Math.max(pacing.notBefore, emptied)
  };
}

/** The server refused for the rate: nothing goes before it said. */
export function paceRefused(pacing: Pacing, retryAfterMs: number, now: number): Pacing {
  return {
    ...pacing,
    turns: 1,
    at: now,
    notBefore: Math.max(pacing.notBefore, now + retryAfterMs)
  };
}

function atOnce(limit: number): number {
  return Math.max(1, Math.floor(limit * AT_ONCE));
}

function evenInterval(limit: number, ofOthers: number): number {
  const alone = WINDOW_MS / (limit * EVENLY);
  const shared = WINDOW_MS / Math.max(1, limit * EVENLY - ofOthers);
  return Math.min(shared, Math.max(alone, LONGEST_MS));
}

function turnsAt(pacing: Pacing, now: number): number {
  return Math.min(atOnce(pacing.limit), pacing.turns + (now - pacing.at) / pacing.interval);
}

function recent(pacing: Pacing, now: number): readonly number[] {
  return pacing.sent.filter(at => at > now - WINDOW_MS);
}
