import type { Message } from '../sync';

/** What follows the loss of a connection. */
export type Ending =
  | { readonly kind: 'reconnect' }
  /** Another page took the session over: join again at once as a new session. */
  | { readonly kind: 'rejoin' }
  | { readonly kind: 'final'; readonly error: Message };

const FINAL: Readonly<Record<number, Message>> = {
  1009: {
    code: 'OPERATION_TOO_LARGE',
    message: 'The server refused an edit as too large. Copy your text, then reload the page.'
  },
  4401: {
    code: 'UNAUTHENTICATED',
    message: 'Your login has expired. Log in again in another tab, then choose “Reconnect now”.'
  },
  4403: {
    code: 'FORBIDDEN',
    message:
      'You no longer have access to this spec. Ask its owner, and copy the text if you need it.'
  },
  4404: {
    code: 'SPEC_NOT_FOUND',
    message: 'This spec does not exist any more. You can still copy its text from here.'
  },
  4429: {
    code: 'TOO_MANY_SESSIONS',
    message: 'Too many sessions are open. Close one of them, then choose “Reconnect now”.'
  }
};

const TAKEN_OVER = 4409;

/** What follows from a close code; `said` is the error that the server sent before it closed. */
export function endingOf(code: number, said: Message | null): Ending {
  if (code === TAKEN_OVER) {
    return { kind: 'rejoin' };
  }
  const final = FINAL[code];
  if (!final) {
    return { kind: 'reconnect' };
  }
  if (said?.code === 'FORBIDDEN' && code === FORBIDDEN) {
    return { kind: 'final', error: said };
  }
  const known = said && MORE_PRECISE[code] === said.code;
  return { kind: 'final', error: known ? { ...final, code: said.code } : final };
}

/** The server's own message, such as a hub's about a missing setting, is more precise than ours. */
const FORBIDDEN = 4403;

/** The other code that a close code may stand for, if the server sent it before it closed. */
const MORE_PRECISE: Readonly<Record<number, string>> = {
  4401: 'TOKEN_EXPIRED',
  4404: 'SPEC_DELETED',
  4429: 'SPEC_FULL'
};

/** Whether the user can do something about this ending and try again with the same text. */
export function canRetry(error: Message): boolean {
  return ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SPEC_FULL', 'TOO_MANY_SESSIONS'].includes(
    error.code
  );
}
