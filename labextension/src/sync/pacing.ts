import type { RateLimit } from '../protocol';

/** The span of time, in milliseconds, in which a user's operations are counted. */
export const WINDOW_MS = 60_000;
/** The longest time between two operations, in milliseconds, however many were sent. */
export const LONGEST_MS = 1200;
/** The shortest time between two operations, in milliseconds. */
const SHORTEST_MS = 100;
/** The share of the limit that may be used as fast as edits are made. */
const AT_ONCE = 0.18;
/** The share of the limit that is used at an even rate after that. */
const EVENLY = 0.8;
/** From this limit on, operations are not paced: waiting for each acknowledgement is enough. */
const UNPACED = 6000;

/**
 * A token bucket that says when the next operation may be sent. It is a value, replaced by each transition.
 *
 * At 100 operations a minute the bucket starts with 18 tokens and gets another one every 0.75 s. In any
 * minute at most `AT_ONCE + EVENLY` of the limit can then be used; the rest allows for the jitter of the
 * network. The acknowledgements show how much the user's other sessions use. Tokens then come more slowly,
 * down to one every 1.2 s.
 *
 * Law (`pacing.test.ts`): half an hour of typing without a pause meets no refusal, and no wait above 1.2 s.
 */
export interface Pacing {
  /** Operations a minute. */
  readonly limit: number;
  /** Tokens in the bucket at `at`, a fraction included. */
  readonly tokens: number;
  readonly at: number;
  /** When this session sent the operations of the last minute; empty where nothing is paced. */
  readonly sent: readonly number[];
  /** How many operations the user's other sessions had sent, according to the last acknowledgement. */
  readonly ofOthers: { readonly count: number; readonly at: number };
  /** Milliseconds until one more token is there. */
  readonly interval: number;
  /** Nothing is sent before this time. */
  readonly notBefore: number;
}

/** A full bucket. All times are milliseconds of one clock. */
export function startPacing(limit: number, now: number): Pacing {
  return {
    limit,
    tokens: atOnce(limit),
    at: now,
    sent: [],
    ofOthers: { count: 0, at: now },
    interval: evenInterval(limit, 0),
    notBefore: now
  };
}

/** Milliseconds until the next operation may be sent. */
export function waitBefore(pacing: Pacing, now: number): number {
  if (pacing.limit >= UNPACED) {
    return Math.max(0, pacing.notBefore - now);
  }
  const tokens = tokensAt(pacing, now);
  const untilToken = tokens >= 1 ? 0 : (1 - tokens) * pacing.interval;
  return Math.max(0, untilToken, pacing.notBefore - now);
}

/** How many operations the user has left in this minute, as far as known; `null` where nothing is paced. */
export function paceLeft(pacing: Pacing, now: number): number | null {
  if (pacing.limit >= UNPACED) {
    return null;
  }
  const { count, at } = pacing.ofOthers;
  const ofOthers = at > now - WINDOW_MS ? count : 0;
  return Math.max(0, pacing.limit - ofOthers - recent(pacing, now).length);
}

/** An operation is sent now. */
export function paceSent(pacing: Pacing, now: number): Pacing {
  if (pacing.limit >= UNPACED) {
    return pacing;
  }
  return {
    ...pacing,
    tokens: tokensAt(pacing, now) - 1,
    at: now,
    sent: [...recent(pacing, now), now],
    notBefore: now + Math.min(SHORTEST_MS, pacing.interval)
  };
}

/** An acknowledgement said how many operations the user has left, in all sessions together. */
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
    tokens: Math.min(tokensAt(pacing, now), left.remaining),
    at: now,
    ofOthers: { count: ofOthers, at: now },
    interval: evenInterval(pacing.limit, ofOthers),
    notBefore: Math.max(pacing.notBefore, emptied)
  };
}

/** The server refused an operation for its rate: nothing is sent before the time that it named. */
export function paceRefused(pacing: Pacing, retryAfterMs: number, now: number): Pacing {
  return {
    ...pacing,
    tokens: 1,
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

function tokensAt(pacing: Pacing, now: number): number {
  return Math.min(atOnce(pacing.limit), pacing.tokens + (now - pacing.at) / pacing.interval);
}

function recent(pacing: Pacing, now: number): readonly number[] {
  return pacing.sent.filter(at => at > now - WINDOW_MS);
}
