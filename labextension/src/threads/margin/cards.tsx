import * as React from 'react';

import { NewThread } from '../card/newThread';
import { ThreadCard } from '../card/threadCard';
import type { Composing } from '../composing';
import type { ThreadContext } from '../threadContext';
import { Signs } from './signs';
import type { MarginState } from './state';

/** The id of the card in which a new comment is written, among those of threads. */
export const NEW = 'new';

export interface CardsProps extends MarginState {
  readonly context: ThreadContext;
  readonly composing: Composing;
  readonly mayComment: boolean;
  /** A card is in the page, or goes. */
  hold(id: string, node: HTMLElement | null): void;
  showInSidebar(threadId: string): void;
}

/** The cards beside the text. Where each stands is set from outside, without drawing it again. */
export function Cards(props: CardsProps): JSX.Element {
  const { context, composing, cards, markers, hasNew, hold } = props;
  const { threads } = context;
  const { selected, refused, role, unreadMentions } = threads;
  const focusable = cards.some(({ thread }) => thread.threadId === selected)
    ? selected
    : cards[0]?.thread.threadId;
  return (
    <>
      {cards.map(shown => (
        <Held key={shown.thread.threadId} id={shown.thread.threadId} hold={hold}>
          <ThreadCard
            context={context}
            shown={shown}
            isSelected={shown.thread.threadId === selected}
            isFocusable={shown.thread.threadId === focusable}
            hasQuote={false}
            role={role}
            refused={refused.filter(({ threadId }) => threadId === shown.thread.threadId)}
            isAwaiting={unreadMentions.includes(shown.thread.threadId)}
          />
        </Held>
      ))}
      {hasNew && (
        <Held key={NEW} id={NEW} hold={hold}>
          <NewThread context={context} composing={composing} mayComment={props.mayComment} />
        </Held>
      )}
      <Signs
        markers={markers}
        threads={threads}
        trans={context.trans}
        show={threadId => props.showInSidebar(threadId)}
      />
    </>
  );
}

interface HeldProps {
  readonly id: string;
  readonly children: React.ReactNode;
  hold(id: string, node: HTMLElement | null): void;
}

function Held({ id, hold, children }: HeldProps): JSX.Element {
  const node = React.useCallback((element: HTMLElement | null) => hold(id, element), [id, hold]);
  return (
    <div ref={node} className="jp-ThreadMargin-card">
      {children}
    </div>
  );
}
