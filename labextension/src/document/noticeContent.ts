import type { TranslationBundle } from '@jupyterlab/translation';

import { type ConnectionState, isLongOffline } from '../session';
import { messageText } from '../ui/messageText';
import { stateText, troubleAdvice } from '../ui/stateText';
import { unavailableReason } from './unavailable';

/** Error codes after which reconnecting may succeed once the user has followed the message. */
const RETRIABLE = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SPEC_FULL', 'TOO_MANY_SESSIONS'];

/** What a notice about a connection says. */
export interface NoticeContent {
  readonly kind: 'error' | 'trouble' | 'note' | 'saved';
  /** Equal as long as the notice is about the same event, even where its text counts edits or seconds. */
  readonly event: string;
  readonly text: string;
  readonly canRetry: boolean;
}

/** The notice for a state; `null` where there is nothing to tell. */
export function noticeOf(state: ConnectionState, trans: TranslationBundle): NoticeContent | null {
  const { status, error, notice, trouble } = state;
  if (unavailableReason(state)) {
    return null; // The unavailable page tells the reason.
  }
  if (status === 'ended' && error) {
    const canRetry = RETRIABLE.includes(error.code);
    return { kind: 'error', event: error.code, text: messageText(error, trans), canRetry };
  }
  const isOffline = isLongOffline(state);
  if (isOffline || trouble) {
    const event = [isOffline, trouble?.code, trouble?.message, trouble?.since].join();
    return { kind: 'trouble', event, text: troubleAdvice(state, trans), canRetry: isOffline };
  }
  if (notice) {
    const text = messageText(notice, trans);
    return { kind: 'note', event: notice.code, text, canRetry: false };
  }
  return state.isRelieved
    ? { kind: 'saved', event: 'saved', text: `${stateText(state, trans)}.`, canRetry: false }
    : null;
}
