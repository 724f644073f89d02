import * as React from 'react';

import { sent } from '../attempts';
import { Byline } from './byline';
import { Composer } from './composer';
import { Message } from './message';
import { Refusals } from './refusals';
import { rightsIn } from '../rights';
import type { Role } from '../../protocol';
import type { Thread } from '../../server/threads';
import type { RefusedText, ShownThread } from '../specThreads';
import { SuggestedChange } from './suggestedChange';
import type { ThreadContext } from '../threadContext';
import { ThreadHead } from './threadHead';
import { useDraft } from './useDraft';
import { answersText, shortened, threadLabel } from '../words';

/** The attribute of a card that holds the id of its thread. */
const THREAD_ID = 'data-spec-thread';
/** The class of what the arrow keys go to. */
export const STOP = 'jp-Thread-stop';

export interface ThreadCardProps {
  readonly context: ThreadContext;
  readonly shown: ShownThread;
  /** The card of the selected thread is open: it shows all messages, and what one can do. */
  readonly isSelected: boolean;
  /** Whether the Tab key reaches it. */
  readonly isFocusable: boolean;
  /** Whether it tells the words that it is about: not where it stands beside them. */
  readonly hasQuote: boolean;
  /** With another role of the user it is drawn again. */
  readonly role: Role | null;
  /** Texts in this thread that the server refused. */
  readonly refused: readonly RefusedText[];
  /** Whether it mentions the user, who has not answered. */
  readonly isAwaiting: boolean;
}

/** Whether two states of a thread look the same in a card: where its passage is is not shown there. */
export function looksSame(one: ShownThread, other: ShownThread): boolean {
  return (
    one.thread === other.thread &&
    one.isOrphaned === other.isOrphaned &&
    one.isPending === other.isPending &&
    one.pendingMessages.join() === other.pendingMessages.join()
  );
}

/** A comment or suggestion. Drawn again only where something of it changes. */
export const ThreadCard = React.memo(Card, (before, after) => {
  const { shown, refused, ...rest } = after;
  const names = Object.keys(rest) as (keyof typeof rest)[];
  const idsOf = (texts: readonly RefusedText[]) => texts.map(({ callId }) => callId).join();
  return (
    looksSame(before.shown, shown) &&
    idsOf(before.refused) === idsOf(refused) &&
    names.every(name => before[name] === rest[name])
  );
});

function Card(props: ThreadCardProps): JSX.Element {
  const { context, shown, isSelected, isFocusable, hasQuote, isAwaiting } = props;
  const { threads, trans } = context;
  const { thread, isOrphaned } = shown;
  const isQuoted = (hasQuote || isOrphaned) && thread.kind === 'comment';
  const select = () => {
    threads.select(thread.threadId);
    context.goTo(thread.threadId);
  };
  return (
    <article
      className={classOf(shown, isSelected)}
      {...{ [THREAD_ID]: thread.threadId }}
      tabIndex={isFocusable ? 0 : -1}
      aria-label={threadLabel(shown, isAwaiting, trans)}
      aria-current={isSelected || undefined}
      onClick={event => {
        if (!isSelected && !isControl(event.target)) {
          select();
        }
      }}
      onKeyDown={event => {
        if (event.target !== event.currentTarget) {
          return;
        }
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          select();
        }
      }}
    >
      <ThreadHead context={context} shown={shown} isOpen={isSelected} isAwaiting={isAwaiting} />
      {isQuoted && (
        <button className="jp-Thread-quote" tabIndex={isSelected ? 0 : -1} onClick={select}>
          {shortened(thread.quote, 200)}
        </button>
      )}
      {thread.kind === 'suggestion' && <SuggestedChange thread={thread} trans={trans} />}
      <Messages context={context} shown={shown} isSelected={isSelected} />
      <Refusals context={context} refused={props.refused} />
      {isSelected && <Reply context={context} shown={shown} />}
    </article>
  );
}

function classOf({ thread, isOrphaned }: ShownThread, isSelected: boolean): string {
  return [
    'jp-Thread',
    STOP,
    `jp-mod-${thread.kind}`,
    thread.state === 'open' ? '' : 'jp-mod-closed',
    isOrphaned ? 'jp-mod-gone' : '',
    isSelected ? 'jp-mod-current' : ''
  ]
    .filter(Boolean)
    .join(' ');
}

/** Whether a click on it means something else than the card. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('button, a, textarea, input') !== null;
}

interface PartProps {
  readonly context: ThreadContext;
  readonly shown: ShownThread;
}

/** All messages; of a card that is not selected the first one, and how many answers there are. */
function Messages({
  context,
  shown,
  isSelected
}: PartProps & { readonly isSelected: boolean }): JSX.Element {
  const { thread, pendingMessages } = shown;
  const messages = thread.messages.filter(
    ({ body, deleted }, index) => index > 0 || body || deleted || thread.kind === 'comment'
  );
  const answers = messages.length - 1;
  return (
    <div className="jp-Thread-messages">
      {(isSelected ? messages : messages.slice(0, 1)).map(message => (
        <Message
          key={message.messageId}
          context={context}
          threadId={thread.threadId}
          message={message}
          isPending={pendingMessages.includes(message.messageId)}
          isOpen={isSelected}
        />
      ))}
      {messages.length === 0 && <Maker context={context} thread={thread} />}
      {!isSelected && answers > 0 && (
        <p className="jp-Thread-answers">{answersText(answers, context.trans)}</p>
      )}
    </div>
  );
}

/** Who made a suggestion, and when, where no message tells it. */
function Maker({
  context,
  thread
}: {
  readonly context: ThreadContext;
  readonly thread: Thread;
}): JSX.Element {
  const { createdBy: userId, createdByName: userName, createdAt } = thread;
  return (
    <section className="jp-ThreadMessage" aria-label={context.trans.__('By %1', userName)}>
      <header className="jp-ThreadMessage-head">
        <Byline context={context} message={{ userId, userName, createdAt }} />
      </header>
    </section>
  );
}

function Reply({ context, shown }: PartProps): JSX.Element | null {
  const { threads, trans } = context;
  const { threadId, state } = shown.thread;
  const [draft, write] = useDraft(threads.drafts, { kind: 'reply', threadId });
  if (!rightsIn(shown.thread, threads.role, threads.me).mayReply) {
    return null;
  }
  const send = () => {
    write('');
    sent(threads.reply(threadId, draft));
    context.say(trans.__('Reply added'));
  };
  return (
    <Composer
      context={context}
      label={trans.__('Reply')}
      placeholder={trans.__('Reply, or mention somebody with @')}
      value={draft}
      sendLabel={state === 'resolved' ? trans.__('Reply and open again') : trans.__('Reply')}
      change={write}
      send={send}
      close={() => context.leave()}
    />
  );
}
