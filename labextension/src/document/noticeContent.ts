import type { TranslationBundle } from '@jupyterlab/translation';

import type { ConnectionState } from '../session';
import { endingText, messageText, refusedText } from '../ui/messageText';
import { conditionOf, type StateSentences, stateSentences } from '../ui/stateText';
import { unavailableReason } from './unavailable';

/** Error codes after which reconnecting may succeed once the user has followed the message. */
const RETRIABLE = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SPEC_FULL', 'TOO_MANY_SESSIONS'];
/** Codes of notices about edits that are among the rescued ones. */
const RESCUED = ['FORBIDDEN', 'HISTORY_REPLACED', 'OTHER_USER'];

/** Codes of refusals of edits that end the session. */
const REFUSED = [
  'DOCUMENT_TOO_LARGE',
  'OPERATION_TOO_LARGE',
  'INVALID_OPERATION',
  'INVALID_CONTENT'
];

/** What a notice about a connection says. */
export interface NoticeContent extends StateSentences {
  readonly kind: 'error' | 'trouble' | 'note' | 'sending' | 'saved';
  /** Equal as long as the notice is about the same event, even where its text counts edits, seconds or bytes. */
  readonly event: string;
  readonly canRetry: boolean;
  /** Whether it tells of edits that are among the rescued ones. */
  readonly isRescue: boolean;
}

/** The notice for a state; `null` where there is nothing to tell. */
export function noticeOf(state: ConnectionState, trans: TranslationBundle): NoticeContent | null {
  const { status, error, notice } = state;
  if (unavailableReason(state)) {
    return null; // The unavailable page tells the reason.
  }
  if (status === 'ended' && error) {
    const canRetry = RETRIABLE.includes(error.code);
    const isRescue = REFUSED.includes(error.code) && state.isKeeping;
    const text = endingText(error, trans);
    const kept = REFUSED.includes(error.code) ? ` ${refusedText(state.isKeeping, trans)}` : '';
    return content('error', error.code, text + kept, { canRetry, isRescue });
  }
  const sentences = stateSentences(state, trans);
  const told = sentences && { ...sentences, canRetry: false, isRescue: false };
  const condition = conditionOf(state);
  switch (condition) {
    case 'offline':
    case 'unsaved':
    case 'behind':
      return (
        told && {
          ...told,
          kind: 'trouble',
          event: troubleOf(state),
          canRetry: condition === 'offline'
        }
      );
    case 'sendingLeft':
      return told && { ...told, kind: 'sending', event: condition };
    default:
      if (notice) {
        const isRescue = RESCUED.includes(notice.code);
        return content('note', notice.code, messageText(notice, trans), { isRescue });
      }
      return told && { ...told, kind: 'saved', event: `${state.relief}` };
  }
}

function content(
  kind: NoticeContent['kind'],
  event: string,
  text: string,
  { canRetry = false, isRescue = false }
): NoticeContent {
  const [, lead = '', rest = text] = /^([^.!?]+[.!?])\s+(.+)$/su.exec(text) ?? [];
  return { kind, event, lead, rest: [rest], next: '', canRetry, isRescue };
}

/** What is wrong, and whether edits are kept: the parts of a state that are worth to be told anew. */
function troubleOf(state: ConnectionState): string {
  const { trouble, lostSince, pendingOperations, isKeeping } = state;
  const since = lostSince ?? trouble?.since;
  return [conditionOf(state), trouble?.code, since, pendingOperations > 0, isKeeping].join();
}
