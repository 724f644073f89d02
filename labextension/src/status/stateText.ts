import type { TranslationBundle } from '@jupyterlab/translation';

import { type ConnectionState, EAGER_TRIES, STEADY_SECONDS } from '../session';
import type { Message } from '../sync';

/** Messages that are on their way in a few seconds. */
const FEW_PARTS = 3;

/** How a connection stands, in a few words. */
export function stateText(state: ConnectionState, trans: TranslationBundle): string {
  const { status, pendingOperations: pending } = state;
  switch (status) {
    case 'connecting':
      return state.attempts > 0 ? offlineText(state, trans) : trans.__('Opening…');
    case 'synchronised':
      return state.role === 'viewer' ? trans.__('View only') : trans.__('Synchronised');
    case 'saving':
      return state.pendingParts > FEW_PARTS
        ? trans.__('Saving a long edit, %1 parts to go', state.pendingParts)
        : trans._n('Saving %1 edit', 'Saving %1 edits', pending, pending);
    case 'offline':
      return offlineText(state, trans);
    case 'ended':
      return trans.__('Disconnected');
  }
}

function offlineText(state: ConnectionState, trans: TranslationBundle): string {
  const { pendingOperations: pending, retryInSeconds: seconds } = state;
  const kept = pending
    ? trans._n('Offline, keeping %1 edit', 'Offline, keeping %1 edits', pending, pending)
    : trans.__('Offline');
  return seconds === null
    ? trans.__('%1, connecting…', kept)
    : trans.__('%1, next try in %2 s', kept, Math.max(1, Math.ceil(seconds)));
}

/** What someone without a connection should know. */
export function offlineAdvice(state: ConnectionState, trans: TranslationBundle): string {
  const sentences = [trans.__('%1.', stateText(state, trans))];
  if (state.attempts > EAGER_TRIES) {
    sentences.push(
      trans.__('The server is away for long; it is tried every %1 seconds.', STEADY_SECONDS)
    );
  }
  if (state.status === 'offline' && state.canEdit) {
    sentences.push(
      state.isKeeping
        ? trans.__('You can go on typing.')
        : trans.__(
            'You can go on typing, but leave this page open: this browser can’t keep your edits without it.'
          )
    );
  }
  return sentences.join(' ');
}

/** A message of the session in the reader's language, by its code; one that is not known here stays as it is. */
export function messageText({ code, message }: Message, trans: TranslationBundle): string {
  const known: Readonly<Record<string, string>> = {
    MERGED: trans.__(
      'While you were away the spec changed too much to follow step by step. Your edits were merged into it: please look them over.'
    ),
    HISTORY_REPLACED: trans.__(
      'The spec was restored from a backup. Edits of yours were merged into it: please look them over.'
    ),
    OTHER_USER: trans.__(
      'Edits that were made in this browser under another login were not sent. Look at “Rescued edits” in the Specs sidebar.'
    ),
    FORBIDDEN: trans.__(
      'You may no longer edit this spec. Your last edits were not saved; they are kept for you to copy.'
    ),
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
