import type { Refused } from '../protocol';
import { STORE_RETRY_MS } from './outbox';
import type { Message } from './notices';

/** Times that an operation is sent again after a fault of the server. */
const FAULTS_BORNE = 5;

/** What to do about an operation that the server did not take. */
export type Remedy =
  /** Wait as long as the rate asks for; so many milliseconds. */
  | { readonly kind: 'slower'; readonly delay: number }
  /** Send it again as it was, after so many milliseconds. */
  | { readonly kind: 'again'; readonly delay: number; readonly isFault: boolean }
  /** Bring it over the server's text as a whole; `committed` says whether it is in there. */
  | { readonly kind: 'fetch'; readonly committed: boolean | null }
  /** Cut it into smaller parts. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'fail'; readonly error: Message };

export interface Circumstances {
  readonly isRecovering: boolean;
  /** Faults of the server since something was acknowledged. */
  readonly faults: number;
  /** Whether the operation is larger than the server takes by now. */
  readonly isOversized: boolean;
}

export function remedyFor(refused: Refused, circumstances: Circumstances): Remedy {
  const { code, message, retryAfterMs } = refused;
  const { isRecovering, faults, isOversized } = circumstances;
  switch (code) {
    case 'RATE_LIMITED':
      return { kind: 'slower', delay: retryAfterMs ?? 1000 };
    case 'STORE_UNAVAILABLE':
      return { kind: 'again', delay: retryAfterMs ?? STORE_RETRY_MS, isFault: false };
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
    return { kind: 'cut' };
  }
  return { kind: 'fail', error: refusalOf(code, message) };
}

/** How the user's edits came to a refusal for good. */
export function refusalOf(code: string, message: string): Message {
  return { code, message: REFUSALS[code] ?? message };
}

const REFUSALS: Readonly<Record<string, string>> = {
  FORBIDDEN:
    'You may no longer edit this spec. Your last edits were not saved; they are kept for you to copy.',
  DOCUMENT_TOO_LARGE:
    'The spec would become too large. Your last edits were not saved: copy your text to keep it.',
  OPERATION_TOO_LARGE:
    'The server refused an edit as too large. It was not saved: copy your text to keep it.',
  INVALID_OPERATION:
    'The server could not read your last edits. They were not saved: copy your text, then reload the page.',
  INVALID_CONTENT:
    'Your last edits hold characters that no text may hold. They were not saved: copy your text to keep it.'
};
