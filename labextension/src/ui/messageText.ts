import type { TranslationBundle } from '@jupyterlab/translation';

import type { Message } from '../sync';

/** A message of the session in the user's language, chosen by its code; an unknown one is returned as it is. */
export function messageText({ code, message }: Message, trans: TranslationBundle): string {
  const known: Readonly<Record<string, string>> = {
    MERGED: trans.__(
      'While you were away the spec changed too much to follow step by step. Your edits were merged into it: please look them over.'
    ),
    HISTORY_REPLACED: trans.__(
      'The spec was restored from a backup. Edits of yours were merged into it: please look them over. Your text as it was is kept in this browser, under “Rescued edits”.'
    ),
    OTHER_USER: trans.__(
      'Edits that were made in this browser under another login were not sent. They are kept in this browser, under “Rescued edits”.'
    ),
    FORBIDDEN: trans.__(
      'You may no longer edit this spec. Your last edits were not sent. They are kept in this browser, under “Rescued edits”.'
    ),
    NO_ANSWER: trans.__('The server does not answer.'),
    UNAUTHENTICATED: trans.__(
      'Your login has expired. Log in again in another tab, then choose “Reconnect now”.'
    ),
    SPEC_FULL: trans.__(
      'Too many people are in this spec. Wait until one leaves, then choose “Reconnect now”.'
    ),
    TOO_MANY_SESSIONS: trans.__(
      'You have this spec open too often. Close another tab, then choose “Reconnect now”.'
    )
  };
  return known[code] ?? message;
}
