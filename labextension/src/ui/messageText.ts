import type { TranslationBundle } from '@jupyterlab/translation';

import type { Message } from '../sync';

/**
 * What a connection tells while it lives, in the user's language.
 *
 * Of a code that is not known, such as a newer server's, the server's own words are shown.
 */
export function messageText({ code, message }: Message, trans: TranslationBundle): string {
  switch (code) {
    case 'MERGED':
      return trans.__(
        'While you were away the spec changed too much to follow step by step. Your edits were merged into it: please look them over.'
      );
    case 'HISTORY_REPLACED':
      return trans.__(
        'The spec was restored from a backup. Edits of yours were merged into it: please look them over. Your text as it was is kept in this browser, under “Rescued edits”.'
      );
    case 'OTHER_USER':
      return trans.__(
        'Edits that were made in this browser under another login were not sent. They are kept in this browser, under “Rescued edits”.'
      );
    case 'FORBIDDEN':
      return trans.__(
        'You may no longer edit this spec. Your last edits were not sent. They are kept in this browser, under “Rescued edits”.'
      );
    case 'WOULD_BE_TOO_LARGE':
      return trans.__(
        'This would make the spec too large. Shorten it first, or put a part of it into another spec.'
      );
    case 'NO_ANSWER':
      return trans.__('The server does not answer.');
    default:
      return message || unknownText(code, trans);
  }
}

/** Why a connection has ended, in the user's language. */
export function endingText({ code, message }: Message, trans: TranslationBundle): string {
  switch (code) {
    case 'UNAUTHENTICATED':
    case 'TOKEN_EXPIRED':
      return trans.__(
        'Your login has expired. Log in again in another tab, then choose “Reconnect now”.'
      );
    case 'SPEC_FULL':
      return trans.__(
        'Too many people are in this spec. Wait until one leaves, then choose “Reconnect now”.'
      );
    case 'TOO_MANY_SESSIONS':
      return trans.__(
        'You have this spec open too often. Close another tab, then choose “Reconnect now”.'
      );
    case 'DOCUMENT_TOO_LARGE':
      return trans.__('The spec would become too large.');
    case 'OPERATION_TOO_LARGE':
      return trans.__('The server refused an edit as too large.');
    case 'INVALID_OPERATION':
      return trans.__('The server could not read your last edits.');
    case 'INVALID_CONTENT':
      return trans.__('Your last edits hold characters that no text may hold.');
    case 'FORBIDDEN': // A hub's own words name what its admin has to set.
      return (
        message ||
        trans.__(
          'You may no longer open this spec. Ask an owner of it, and copy the text if you need it.'
        )
      );
    default:
      return message || unknownText(code, trans);
  }
}

/** What becomes of edits that the server has refused for good, and how the user goes on. */
export function refusedText(isKeeping: boolean, trans: TranslationBundle): string {
  return isKeeping
    ? trans.__(
        'Your last edits were not saved. They are kept in this browser, under “Rescued edits”. To go on, close this spec and open it again.'
      )
    : trans.__(
        'Your last edits were not saved, and this browser can’t store them. Copy your text, then close this spec and open it again.'
      );
}

function unknownText(code: string, trans: TranslationBundle): string {
  return trans.__('The server gave no reason that is known here (%1).', code);
}
