import * as React from 'react';

import { STOP, ThreadCard } from '../card/threadCard';
import type { ShownThread } from '../specThreads';
import type { ThreadContext } from '../threadContext';

export interface ThreadListProps {
  readonly context: ThreadContext;
  readonly listed: readonly ShownThread[];
  /** Whether the server has more than these. */
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  more(): void;
}

/** How many cards are in the page at first, and how many more come at a time. */
const PAGE = 40;

/** The threads of a spec, one below the other. The arrow keys go from one to the next. */
export function ThreadList(props: ThreadListProps): JSX.Element {
  const { context, listed, hasMore, isLoading } = props;
  const { threads, trans } = context;
  const { selected, refused, role, unreadMentions } = threads;
  const [count, setCount] = React.useState(PAGE);
  const list = React.useRef<HTMLDivElement>(null);
  const at = listed.findIndex(({ thread }) => thread.threadId === selected);
  const inPage = listed.slice(0, Math.max(count, at + 1));
  const focusable = Math.max(0, at);
  React.useEffect(() => {
    const card = list.current?.querySelector('.jp-Thread.jp-mod-current');
    card?.scrollIntoView?.({ block: 'nearest' });
  }, [selected]);
  const isCut = inPage.length < listed.length;
  return (
    <div ref={list} className="jp-Threads-list" onKeyDown={event => keyDown(event, context)}>
      <div
        className="jp-Threads-cards"
        role="feed"
        aria-label={trans.__('Comments')}
        aria-busy={isLoading}
      >
        {inPage.map((shown, index) => (
          <ThreadCard
            key={shown.thread.threadId}
            context={context}
            shown={shown}
            isSelected={shown.thread.threadId === selected}
            isFocusable={index === focusable}
            hasQuote
            role={role}
            refused={refused.filter(({ threadId }) => threadId === shown.thread.threadId)}
            isAwaiting={unreadMentions.includes(shown.thread.threadId)}
          />
        ))}
      </div>
      {(isCut || hasMore) && (
        <More
          isLoading={isLoading}
          context={context}
          more={() => (isCut ? setCount(inPage.length + PAGE) : props.more())}
        />
      )}
    </div>
  );
}

interface MoreProps {
  readonly context: ThreadContext;
  readonly isLoading: boolean;
  more(): void;
}

/** At the end of the list: more is shown when it comes into view. */
function More({ context, isLoading, more }: MoreProps): JSX.Element {
  const { trans } = context;
  const button = React.useRef<HTMLButtonElement>(null);
  const latest = React.useRef(more);
  latest.current = more;
  React.useEffect(() => {
    if (isLoading || !button.current || typeof IntersectionObserver === 'undefined') {
      return undefined;
    }
    const observer = new IntersectionObserver(
      entries => entries.some(({ isIntersecting }) => isIntersecting) && latest.current(),
      { rootMargin: '200px' }
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  });
  return (
    <button
      ref={button}
      className={`jp-Threads-more ${STOP}`}
      tabIndex={-1}
      aria-disabled={isLoading}
      onClick={() => !isLoading && more()}
    >
      {isLoading ? trans.__('Loading…') : trans.__('Show more')}
    </button>
  );
}

const STEPS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index, count) => Math.min(index + 1, count - 1),
  ArrowUp: index => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, count) => count - 1
};

/** From card to card, and back to the text; in a field the keys are the field's. */
function keyDown(event: React.KeyboardEvent<HTMLElement>, context: ThreadContext): void {
  const step = STEPS[event.key];
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(`.${STOP}`)];
  const index = stops.indexOf(event.target as HTMLElement);
  if (event.key === 'Escape' && !event.defaultPrevented) {
    event.preventDefault();
    context.leave();
  } else if (step && index >= 0) {
    event.preventDefault();
    stops[step(index, stops.length)]?.focus();
  }
}
