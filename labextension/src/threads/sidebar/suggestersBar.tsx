import * as React from 'react';

import { sent } from '../attempts';
import { Question } from '../card/question';
import { setAll } from '../threadActions';
import type { ThreadContext } from '../threadContext';
import { suggesters } from './filters';

/** From how many open suggestions of one person on they are offered all at once. */
const SEVERAL = 2;

/** For each person with several open suggestions: accept them all, or reject them all. It asks first. */
export function SuggestersBar({
  context
}: {
  readonly context: ThreadContext;
}): JSX.Element | null {
  const { threads, trans } = context;
  const [asked, setAsked] = React.useState<{
    readonly userId: string;
    readonly deed: 'accepted' | 'rejected';
  } | null>(null);
  const [isBusy, setBusy] = React.useState(false);
  const people = suggesters(threads.all).filter(({ count }) => count >= SEVERAL);
  if (people.length === 0) {
    return null;
  }
  const run = (userId: string, deed: 'accepted' | 'rejected') => {
    setAsked(null);
    setBusy(true);
    sent(setAll(context, userId, deed).finally(() => setBusy(false)));
  };
  return (
    <div className="jp-Threads-suggesters">
      {people.map(({ userId, userName, count }) => (
        <div key={userId} className="jp-Threads-suggester" aria-busy={isBusy}>
          <span>{trans._n('%2: %1 suggestion', '%2: %1 suggestions', count, userName)}</span>
          {asked?.userId === userId ? (
            <Question
              question={
                asked.deed === 'accepted' ? trans.__('Accept all?') : trans.__('Reject all?')
              }
              yesLabel={asked.deed === 'accepted' ? trans.__('Accept all') : trans.__('Reject all')}
              trans={trans}
              yes={() => run(userId, asked.deed)}
              no={() => setAsked(null)}
            />
          ) : (
            <span className="jp-Threads-deeds">
              <button
                className="jp-ThreadButton jp-mod-text"
                aria-label={trans.__('Accept all of %1', userName)}
                aria-disabled={isBusy || undefined}
                onClick={() => !isBusy && setAsked({ userId, deed: 'accepted' })}
              >
                {trans.__('Accept all')}
              </button>
              <button
                className="jp-ThreadButton jp-mod-text"
                aria-label={trans.__('Reject all of %1', userName)}
                aria-disabled={isBusy || undefined}
                onClick={() => !isBusy && setAsked({ userId, deed: 'rejected' })}
              >
                {trans.__('Reject all')}
              </button>
            </span>
          )}
        </div>
      ))}
    </div>
  );
}
