import type { TranslationBundle } from '@jupyterlab/translation';

import { type ConnectionState, EAGER_TRIES, STEADY_SECONDS } from '../session';

/** Up to this many messages are sent in a few seconds and not worth a number. */
const FEW_PARTS = 3;

/** The state of a connection in a few words. */
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

/** The state of a connection that was lost, and what the user can do. */
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
