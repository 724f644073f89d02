import type { TranslationBundle } from '@jupyterlab/translation';

import { type ConnectionState, isLongOffline } from '../session';
import { messageText } from '../ui/messageText';
import { troubleSentences } from '../ui/stateText';
import { unavailableReason } from './unavailable';

/** Error codes after which reconnecting may succeed once the user has followed the message. */
const RETRIABLE = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SPEC_FULL', 'TOO_MANY_SESSIONS'];

/** What a notice about a connection says. */
export interface NoticeContent {
  readonly kind: 'error' | 'trouble' | 'note' | 'saved';
  /** Equal as long as the notice is about the same event, even where its text counts edits, seconds or bytes. */
  readonly event: string;
  /** What happened, in a few words; empty where the text is short. */
  readonly lead: string;
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
    const text = messageText(error, trans);
    return { kind: 'error', event: error.code, lead: '', text, canRetry };
  }
  const isOffline = isLongOffline(state);
  if (isOffline || trouble) {
    const event = [isOffline, trouble?.code, trouble?.since].join();
    const [lead = '', ...rest] = troubleSentences(state, trans);
    return { kind: 'trouble', event, lead, text: rest.join(' '), canRetry: isOffline };
  }
  if (notice) {
    const text = messageText(notice, trans);
    return { kind: 'note', event: notice.code, lead: '', text, canRetry: false };
  }
  return state.isRelieved
    ? {
        kind: 'saved',
        event: 'saved',
        lead: '',
        text: trans.__('All edits saved.'),
        canRetry: false
      }
    : null;
}
