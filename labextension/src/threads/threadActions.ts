import type { TranslationBundle } from '@jupyterlab/translation';

import { attempted, sent } from './attempts';
import type { ChosenState, ShownThread, SpecThreads } from './specThreads';

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

/** Accepts or rejects all open suggestions of one person, one after the other; what fails stays open. */
export async function setAll(
  context: ActionContext,
  userId: string,
  deed: 'accepted' | 'rejected'
): Promise<number> {
  const { threads, trans, say } = context;
  const theirs = threads.all.filter(
    ({ thread }) =>
      thread.kind === 'suggestion' && thread.state === 'open' && thread.createdBy === userId
  );
  let done = 0;
  for (const shown of theirs) {
    done += (await setState({ ...context, say: () => undefined }, shown, deed)) ? 1 : 0;
  }
  say(
    deed === 'accepted'
      ? trans._n('%1 suggestion accepted', '%1 suggestions accepted', done, done)
      : trans._n('%1 suggestion rejected', '%1 suggestions rejected', done, done)
  );
  return done;
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
