import type { TranslationBundle } from '@jupyterlab/translation';

import { mayEdit } from '../protocol';
import { type ConnectionState, EAGER_TRIES, STEADY_SECONDS } from '../session';
import { clockTime } from './clockTime';
import { messageText } from './messageText';
import { localeOf } from './translation';

/** Up to this many messages are sent in a few seconds and not worth a number. */
const FEW_PARTS = 3;

/** The state of a connection in a few words. */
export function stateText(state: ConnectionState, trans: TranslationBundle): string {
  const { status } = state;
  switch (status) {
    case 'connecting':
      return state.attempts > 0 ? offlineText(state, trans) : trans.__('Opening…');
    case 'synchronised':
      return state.trouble ? troubleText(state, trans) : savedText(state, trans);
    case 'saving':
      return state.trouble ? troubleText(state, trans) : savingText(state, trans);
    case 'offline':
      return offlineText(state, trans);
    case 'ended':
      return trans.__('Disconnected');
  }
}

function savedText({ role, isRelieved }: ConnectionState, trans: TranslationBundle): string {
  if (isRelieved) {
    return trans.__('All edits saved');
  }
  return role !== null && !mayEdit(role) ? trans.__('View only') : trans.__('Synchronised');
}

function savingText(state: ConnectionState, trans: TranslationBundle): string {
  const { pendingOperations: pending, pendingParts: parts } = state;
  return parts > FEW_PARTS
    ? trans.__('Saving a long edit, %1 parts to go', parts)
    : trans._n('Saving %1 edit', 'Saving %1 edits', pending, pending);
}

function troubleText(state: ConnectionState, trans: TranslationBundle): string {
  const { pendingOperations: pending, trouble } = state;
  const since = clockTime(trouble?.since ?? 0, Date.now(), localeOf(trans));
  return pending
    ? trans._n(
        'Not saved since %2, keeping %1 edit',
        'Not saved since %2, keeping %1 edits',
        pending,
        since
      )
    : trans.__('Not up to date since %1', since);
}

function offlineText(state: ConnectionState, trans: TranslationBundle): string {
  const { pendingOperations: pending, retryInSeconds: seconds, trouble } = state;
  const where = trouble
    ? trans.__('Not connected since %1', clockTime(trouble.since, Date.now(), localeOf(trans)))
    : trans.__('Offline');
  const kept = pending
    ? trans._n('%2, keeping %1 edit', '%2, keeping %1 edits', pending, where)
    : where;
  return seconds === null
    ? trans.__('%1, connecting…', kept)
    : trans.__('%1, next try in %2 s', kept, Math.max(1, Math.ceil(seconds)));
}

/** The state of a connection on which edits can't be saved: what is wrong, what is kept, and what happens next. */
export function troubleAdvice(state: ConnectionState, trans: TranslationBundle): string {
  return troubleSentences(state, trans).join(' ');
}

/** The same sentence by sentence; the first one is {@link stateText}. */
export function troubleSentences(
  state: ConnectionState,
  trans: TranslationBundle
): readonly string[] {
  const { status, trouble, pendingOperations: pending, canEdit, isKeeping } = state;
  const sentences = [trans.__('%1.', stateText(state, trans))];
  if (trouble) {
    sentences.push(messageText(trouble, trans));
  } else if (state.attempts > EAGER_TRIES) {
    sentences.push(
      trans.__(
        'The server has been away for a while. This page tries again every %1 seconds.',
        STEADY_SECONDS
      )
    );
  }
  if (pending > 0 && isKeeping) {
    sentences.push(
      trans._n(
        'The edit is kept in this browser and is sent as soon as the server takes it.',
        'The edits are kept in this browser and are sent as soon as the server takes them.',
        pending
      )
    );
  }
  if (canEdit && status !== 'connecting') {
    sentences.push(
      isKeeping
        ? trans.__('You can go on typing.')
        : trans.__(
            'You can go on typing, but leave this page open: this browser can’t keep your edits without it.'
          )
    );
  }
  return sentences;
}
