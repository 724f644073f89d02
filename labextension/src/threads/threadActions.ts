import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { attempted, FAILURE_SHOWN, sent } from './attempts';
import type { ChosenState, ShownThread, SpecThreads } from './specThreads';
import { threadFailure } from './words';

/** What somebody does with a whole thread. */
export type ThreadDeed = ChosenState | 'accepted';

/** What the actions of threads work with. */
export interface ActionContext {
  readonly threads: SpecThreads;
  readonly trans: TranslationBundle;
  say(sentence: string): void;
}

/** Resolves, opens again, accepts or rejects a thread. Where that fails the user is told why; `false` then. */
export async function setState(
  { threads, trans, say }: ActionContext,
  { thread }: ShownThread,
  deed: ThreadDeed
): Promise<boolean> {
  const { threadId } = thread;
  const work = deed === 'accepted' ? threads.accept(threadId) : threads.setState(threadId, deed);
  const isDone = await attempted(work, failedText(deed, trans), trans);
  if (isDone) {
    say(doneText(deed, trans));
  }
  return isDone;
}

/** Accepts or rejects all open suggestions of one person; what fails stays open, of which the user is told once. */
export async function setAll(
  { threads, trans, say }: ActionContext,
  userId: string,
  deed: 'accepted' | 'rejected'
): Promise<number> {
  const theirs = threads.all
    .filter(
      ({ thread: { kind, state, createdBy } }) =>
        kind === 'suggestion' && state === 'open' && createdBy === userId
    )
    .map(({ thread }) => thread.threadId);
  const failures =
    deed === 'accepted'
      ? await acceptedInTurn(threads, theirs)
      : await rejectedTogether(threads, theirs);
  const done = theirs.length - failures.length;
  if (failures.length > 0) {
    const reason = threadFailure(failures[0], failedText(deed, trans), trans);
    const words = trans._n(
      '%1 suggestion stays open. %2',
      '%1 suggestions stay open. %2',
      failures.length,
      reason
    );
    Notification.error(words, { autoClose: FAILURE_SHOWN });
  }
  say(
    deed === 'accepted'
      ? trans._n('%1 suggestion accepted', '%1 suggestions accepted', done, done)
      : trans._n('%1 suggestion rejected', '%1 suggestions rejected', done, done)
  );
  return done;
}

/** Accepts one after the other, since each is an edit of the text. Returns why some were not. */
async function acceptedInTurn(threads: SpecThreads, ids: readonly string[]): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const threadId of ids) {
    await threads.accept(threadId).catch((error: unknown) => failures.push(error));
  }
  return failures;
}

/** All of them wait to be sent before the first one is: so none is forgotten when the page is closed. */
async function rejectedTogether(threads: SpecThreads, ids: readonly string[]): Promise<unknown[]> {
  const work = ids.map(threadId => threads.setState(threadId, 'rejected'));
  const settled = await Promise.allSettled(work);
  return settled.flatMap(each => (each.status === 'rejected' ? [each.reason as unknown] : []));
}

/** Deletes a whole thread. */
export function removeThread(
  { threads, trans, say }: ActionContext,
  { thread }: ShownThread
): void {
  const removed = attempted(
    threads.remove(thread.threadId),
    trans.__('The comment was not deleted.'),
    trans
  );
  sent(removed.then(isDone => isDone && say(trans.__('Deleted'))));
}

function failedText(deed: ThreadDeed, trans: TranslationBundle): string {
  switch (deed) {
    case 'open':
      return trans.__('It was not opened again.');
    case 'resolved':
      return trans.__('The comment was not resolved.');
    case 'accepted':
      return trans.__('The suggestion was not accepted.');
    case 'rejected':
      return trans.__('The suggestion was not rejected.');
  }
}

function doneText(deed: ThreadDeed, trans: TranslationBundle): string {
  switch (deed) {
    case 'open':
      return trans.__('Opened again');
    case 'resolved':
      return trans.__('Comment resolved');
    case 'accepted':
      return trans.__('Suggestion accepted');
    case 'rejected':
      return trans.__('Suggestion rejected');
  }
}
