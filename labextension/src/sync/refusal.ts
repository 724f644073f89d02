import type { Refused } from '../protocol';
import type { Message } from './notices';

/** Milliseconds to wait after `RATE_LIMITED` if the server names no time. */
const RATE_RETRY_MS = 1_000;
/**
 * Milliseconds to wait after `STORE_UNAVAILABLE` if the server names no time. The delays after `INTERNAL` are
 * multiples of it: once for the first fault in a row, twice for the second, and so on.
 */
const STORE_RETRY_MS = 2_000;
/** Milliseconds to wait after `QUOTA_EXCEEDED` if the server names no time: somebody has to make room first. */
const QUOTA_RETRY_MS = 15_000;
/** How many times an operation is sent again after a fault of the server. */
const FAULTS_BORNE = 5;

/** What follows from a refusal. */
export type Remedy =
  /** The rate was exceeded: send it again after `delay` milliseconds. */
  | { readonly kind: 'slower'; readonly delay: number }
  /** Send it again unchanged after `delay` milliseconds. */
  | { readonly kind: 'again'; readonly delay: number; readonly isFault: boolean }
  /** Request the server's text and merge; `committed` says whether that contains the operation. */
  | { readonly kind: 'fetch'; readonly committed: boolean | null }
  /** Split it into smaller operations. */
  | { readonly kind: 'split' }
  /** Stop sending. */
  | { readonly kind: 'fail'; readonly error: Message };

export interface Circumstances {
  readonly isRecovering: boolean;
  /** Faults of the server since the last acknowledgement. */
  readonly faults: number;
  /** Whether the operation exceeds the limit, which was lowered after it was made. */
  readonly isOversized: boolean;
}

/** Chooses the remedy for a refusal. */
export function remedyFor(refused: Refused, circumstances: Circumstances): Remedy {
  const { code, message, retryAfterMs } = refused;
  const { isRecovering, faults, isOversized } = circumstances;
  switch (code) {
    case 'RATE_LIMITED':
      return { kind: 'slower', delay: retryAfterMs ?? RATE_RETRY_MS };
    case 'STORE_UNAVAILABLE':
      return { kind: 'again', delay: retryAfterMs ?? STORE_RETRY_MS, isFault: false };
    case 'QUOTA_EXCEEDED':
      return { kind: 'again', delay: retryAfterMs ?? QUOTA_RETRY_MS, isFault: false };
    case 'OPERATION_ID_REUSED':
      return { kind: 'fetch', committed: null };
  }
  if (isRecovering) {
    return { kind: 'fetch', committed: false };
  }
  if (code === 'INTERNAL' && faults < FAULTS_BORNE) {
    return { kind: 'again', delay: STORE_RETRY_MS * (faults + 1), isFault: true };
  }
  if (code === 'OPERATION_TOO_LARGE' && isOversized) {
    return { kind: 'split' };
  }
  return { kind: 'fail', error: { code, message } };
}
