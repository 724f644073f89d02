import type { TranslationBundle } from '@jupyterlab/translation';

import { asSpecError } from '../server/error';
import type { Thread, ThreadMessage } from '../server/threads';
import { errorSentence } from '../ui/errorSentence';
import { relativeTime } from '../ui/relativeTime';
import type { ThreadFilter } from './sidebar/filters';
import type { ShownThread } from './specThreads';

/** Characters of a quote that names a thread. */
const QUOTED = 60;

/** A text in one line, cut where it is long. */
export function shortened(text: string, length = QUOTED): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : line;
}

/** What a suggestion would do, such as "Replace “a” with “b”". */
function suggestionText(
  { quote, replacement }: Pick<Thread, 'quote' | 'replacement'>,
  trans: TranslationBundle
): string {
  const [before, after] = [shortened(quote), shortened(replacement ?? '')];
  if (!quote) {
    return trans.__('Insert “%1”', after);
  }
  return replacement
    ? trans.__('Replace “%1” with “%2”', before, after)
    : trans.__('Delete “%1”', before);
}

/** What a thread is, as a screen reader reads it. */
export function threadLabel(
  shown: ShownThread,
  isAwaiting: boolean,
  trans: TranslationBundle
): string {
  const { thread } = shown;
  const name = thread.createdByName;
  const what =
    thread.kind === 'suggestion'
      ? trans.__('Suggestion by %1: %2', name, suggestionText(thread, trans))
      : trans.__('Comment by %1 on “%2”', name, shortened(thread.quote));
  const state = shown.isOrphaned && thread.state === 'open' ? goneText(trans) : '';
  const answers = Math.max(0, thread.messages.length - 1);
  return [
    what,
    closedText(thread, trans),
    state,
    answers > 0 ? answersText(answers, trans) : '',
    isAwaiting ? trans.__('mentions you') : '',
    shown.isPending ? waitingText(trans) : ''
  ]
    .filter(Boolean)
    .join(', ');
}

/** By whom and how a thread was closed; empty where it is open. */
export function closedText(thread: Thread, trans: TranslationBundle): string {
  const name = thread.resolvedByName || trans.__('Somebody');
  switch (thread.state) {
    case 'open':
      return '';
    case 'resolved':
      return trans.__('Resolved by %1', name);
    case 'accepted':
      return trans.__('Accepted by %1', name);
    case 'rejected':
      return trans.__('Rejected by %1', name);
  }
}

export function goneText(trans: TranslationBundle): string {
  return trans.__('Its words are gone');
}

export function waitingText(trans: TranslationBundle): string {
  return trans.__('Not sent yet');
}

export function answersText(count: number, trans: TranslationBundle): string {
  return trans._n('%1 reply', '%1 replies', count, count);
}

/** How long ago a message was written; what else is said of it is the whole time. */
export function ageText(
  { createdAt }: Pick<ThreadMessage, 'createdAt'>,
  now: number,
  trans: TranslationBundle,
  locale: string | undefined
): string {
  return relativeTime(Date.parse(createdAt), now, locale ?? 'en') ?? trans.__('just now');
}

/** The whole date and time, for tooltips. */
export function wholeTime(time: string, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(
    Date.parse(time)
  );
}

/** The name of a filter, as it is chosen. */
export function filterText(filter: ThreadFilter, trans: TranslationBundle): string {
  switch (filter) {
    case 'open':
      return trans.__('Open');
    case 'mine':
      return trans.__('Mine');
    case 'mentions':
      return trans.__('Mentions me');
    case 'resolved':
      return trans.__('Resolved');
    case 'gone':
      return trans.__('Words are gone');
  }
}

/** Why something that was asked for was not done, and how to go on. `failed` says what it was. */
export function threadFailure(error: unknown, failed: string, trans: TranslationBundle): string {
  const known = asSpecError(error);
  switch (known.code) {
    case 'SUGGESTION_STALE':
      return trans.__(
        'The words that this suggestion is about were changed meanwhile. Change them by hand, or reject it and suggest anew.'
      );
    case 'THREAD_CLOSED':
      return trans.__(
        'Somebody else has closed this suggestion meanwhile. Look at what the text is now.'
      );
    case 'THREAD_NOT_FOUND':
      return trans.__('This comment was deleted meanwhile. Copy what you wrote, and comment anew.');
    case 'PASSAGE_GONE':
      return trans.__(
        'The words that this is about were deleted. Copy what you wrote, then select other words.'
      );
    case 'THREAD_LIMIT':
      return trans.__(
        'There are too many open comments, or replies to this one. Resolve some, then try again.'
      );
    case 'FORBIDDEN':
      return trans.__(
        'Your role in this spec does not allow that any more. Ask an owner of it, and copy what you wrote.'
      );
    default:
      return errorSentence(known, failed, trans);
  }
}
