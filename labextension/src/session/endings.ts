import { type Message, ownMessage } from '../sync';

/** What follows the loss of a connection. */
export type Ending =
  | { readonly kind: 'reconnect' }
  /** Another page took the session over: join again at once as a new session. */
  | { readonly kind: 'rejoin' }
  | { readonly kind: 'final'; readonly error: Message };

/** What a close code means where the server has not said more. */
const FINAL: Readonly<Record<number, string>> = {
  1009: 'OPERATION_TOO_LARGE',
  4401: 'UNAUTHENTICATED',
  4403: 'FORBIDDEN',
  4404: 'SPEC_NOT_FOUND',
  4429: 'TOO_MANY_SESSIONS'
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
  const isKnown = said?.code === final || (said && MORE_PRECISE[code] === said.code);
  return { kind: 'final', error: isKnown ? said : ownMessage(final) };
}

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
