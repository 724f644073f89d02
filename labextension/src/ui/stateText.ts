import type { TranslationBundle } from '@jupyterlab/translation';

import { mayComment, mayEdit } from '../protocol';
import { type ConnectionState, EAGER_TRIES, isLongOffline } from '../session';
import { clockTime } from './clockTime';
import { messageText } from './messageText';
import { localeOf } from './translation';

/**
 * Every sentence about the state of a spec. The status bar shows {@link stateText}, the notice in the spec and the
 * screen reader {@link stateSentences}, so that all of them use the same words.
 *
 * Law (`stateText.test.ts`): the table in docs/states.md lists these sentences.
 */

/** Up to this many messages are sent in a few seconds and not worth a number. */
const FEW_PARTS = 3;

/** What a state is to the user. */
export type Condition =
  'opening' | 'well' | 'saving' | 'sendingLeft' | 'offline' | 'unsaved' | 'behind' | 'ended';

export function conditionOf(state: ConnectionState): Condition {
  const { status, trouble, attempts, lostSince } = state;
  switch (status) {
    case 'ended':
      return 'ended';
    case 'connecting':
    case 'offline':
      return attempts === 0 && lostSince === null ? 'opening' : 'offline';
    case 'synchronised':
    case 'saving':
      if (trouble) {
        return state.pendingOperations > 0 ? 'unsaved' : 'behind';
      }
      if (state.leftOperations > 0 || state.isContinuing) {
        return 'sendingLeft';
      }
      return status === 'saving' ? 'saving' : 'well';
  }
}

/** The state in a few words, for the status bar. */
export function stateText(state: ConnectionState, trans: TranslationBundle): string {
  const words = [leadOf(state, trans)];
  const condition = conditionOf(state);
  if (['opening', 'offline', 'unsaved', 'ended'].includes(condition)) {
    words.push(keptInShort(state, trans));
  }
  if (condition === 'offline') {
    words.push(nextInShort(state, trans));
  }
  return words.filter(Boolean).join(' · ');
}

/** What the state is, without what is kept or comes next. */
function leadOf(state: ConnectionState, trans: TranslationBundle): string {
  const since = () => timeOf(state.lostSince ?? state.trouble?.since ?? 0, trans);
  switch (conditionOf(state)) {
    case 'opening':
      return trans.__('Opening…');
    case 'well':
      return wellText(state, trans);
    case 'saving':
      return state.pendingParts > FEW_PARTS
        ? trans.__('Saving a long edit, %1 parts to go', state.pendingParts)
        : trans.__('Saving…');
    case 'sendingLeft':
      return trans.__('Sending what another tab left');
    case 'offline':
      return trans.__('Offline since %1', since());
    case 'unsaved':
      return trans.__('Not saved since %1', since());
    case 'behind':
      return trans.__('Not up to date since %1', since());
    case 'ended':
      return trans.__('Not connected');
  }
}

function wellText({ role, relief }: ConnectionState, trans: TranslationBundle): string {
  switch (relief) {
    case 'connected':
      return trans.__('Back online');
    case 'reconnected':
    case 'saved':
    case 'fetched':
      return trans.__('All edits saved');
    case null:
      if (role === null || mayEdit(role)) {
        return trans.__('Saved');
      }
      return mayComment(role) ? trans.__('Comment only') : trans.__('View only');
  }
}

function keptInShort(
  { pendingOperations: pending, isKeeping }: ConnectionState,
  trans: TranslationBundle
): string {
  if (pending === 0) {
    return '';
  }
  return isKeeping
    ? trans._n('%1 edit kept here', '%1 edits kept here', pending, pending)
    : trans._n('%1 edit only in this page', '%1 edits only in this page', pending, pending);
}

function nextInShort(
  { retryInSeconds: seconds }: ConnectionState,
  trans: TranslationBundle
): string {
  return seconds === null
    ? trans.__('connecting…')
    : trans.__('next try in %1 s', Math.max(1, Math.ceil(seconds)));
}

/** A state that has to be told, in sentences. */
export interface StateSentences {
  /** What happened, and since when. */
  readonly lead: string;
  /** Why, what is kept and where, and what happens next. */
  readonly rest: readonly string[];
  /** What counts down, and is therefore shown but not read out; empty where nothing does. */
  readonly next: string;
}

/** What there is to tell of a state; `null` where all is well, or will be in a moment. */
export function stateSentences(
  state: ConnectionState,
  trans: TranslationBundle
): StateSentences | null {
  switch (conditionOf(state)) {
    case 'offline':
      return isLongOffline(state) || state.trouble ? troubleSentences(state, trans) : null;
    case 'unsaved':
    case 'behind':
      return troubleSentences(state, trans);
    case 'sendingLeft':
      return leftSentences(state, trans);
    case 'well':
    case 'saving':
      return reliefSentences(state, trans);
    case 'opening':
    case 'ended':
      return null;
  }
}

/** The same as one text. */
export function sentencesText(sentences: StateSentences): string {
  return [sentences.lead, ...sentences.rest, sentences.next].filter(Boolean).join(' ');
}

function troubleSentences(state: ConnectionState, trans: TranslationBundle): StateSentences {
  const { trouble, canEdit, leftOperations: left } = state;
  const isOffline = conditionOf(state) === 'offline';
  const rest: string[] = [];
  if (trouble) {
    rest.push(messageText(trouble, trans));
  } else if (state.attempts > EAGER_TRIES) {
    rest.push(trans.__('The server has been away for a while.'));
  }
  if (canEdit || state.pendingOperations > 0) {
    rest.push(keptSentence(state, trans));
  }
  if (left > 0) {
    rest.push(
      trans._n(
        '%1 edit that another tab left is kept, too.',
        '%1 edits that another tab left are kept, too.',
        left,
        left
      )
    );
  }
  const next = isOffline ? nextSentence(state, trans) : '';
  return { lead: sentence(leadOf(state, trans), trans), rest, next };
}

/** What is kept, where, and until when. */
function keptSentence(state: ConnectionState, trans: TranslationBundle): string {
  const { pendingOperations: pending, isKeeping, canEdit } = state;
  if (!isKeeping) {
    return pending > 0
      ? trans._n(
          '%1 edit is only in this page, since this browser can’t store it: leave the page open until it is sent.',
          '%1 edits are only in this page, since this browser can’t store them: leave the page open until they are sent.',
          pending,
          pending
        )
      : trans.__('This browser can’t store edits: leave the page open until they are sent.');
  }
  if (pending === 0) {
    return trans.__(
      'You can go on typing: your edits are kept in this browser until they are sent.'
    );
  }
  return canEdit
    ? trans._n(
        '%1 edit is kept in this browser until it is sent. You can go on typing.',
        '%1 edits are kept in this browser until they are sent. You can go on typing.',
        pending,
        pending
      )
    : trans._n(
        '%1 edit is kept in this browser until it is sent.',
        '%1 edits are kept in this browser until they are sent.',
        pending,
        pending
      );
}

function nextSentence(state: ConnectionState, trans: TranslationBundle): string {
  const { retryInSeconds: seconds } = state;
  return seconds === null
    ? trans.__('Connecting…')
    : trans.__('Next try in %1 s.', Math.max(1, Math.ceil(seconds)));
}

function leftSentences(state: ConnectionState, trans: TranslationBundle): StateSentences {
  const edits = state.leftOperations + (state.isContinuing ? state.pendingOperations : 0);
  return {
    lead: sentence(leadOf(state, trans), trans),
    rest: [
      trans._n(
        '%1 edit was kept in this browser.',
        '%1 edits were kept in this browser.',
        edits,
        edits
      )
    ],
    next: ''
  };
}

function reliefSentences(
  { relief, pendingOperations: pending }: ConnectionState,
  trans: TranslationBundle
): StateSentences | null {
  switch (relief) {
    case 'connected':
      return {
        lead: trans.__('Back online.'),
        rest: pending > 0 ? [trans.__('Your edits are being sent.')] : [],
        next: ''
      };
    case 'reconnected':
      return { lead: trans.__('Back online.'), rest: [trans.__('All edits saved.')], next: '' };
    case 'saved':
      return { lead: trans.__('All edits saved.'), rest: [], next: '' };
    case 'fetched':
      return {
        lead: trans.__('All edits saved.'),
        rest: [trans.__('What another tab left is in the text now.')],
        next: ''
      };
    case null:
      return null;
  }
}

function sentence(words: string, trans: TranslationBundle): string {
  return trans.__('%1.', words);
}

function timeOf(then: number, trans: TranslationBundle): string {
  return clockTime(then, Date.now(), localeOf(trans));
}
