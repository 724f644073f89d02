import * as React from 'react';

import { ageText, wholeTime } from '../words';
import type { ThreadContext } from '../threadContext';
import type { ThreadMessage } from '../../server/threads';

/** Milliseconds after which a message has become older by what is told of its age. */
const MINUTE = 60_000;

export interface AgeProps {
  readonly context: Pick<ThreadContext, 'trans' | 'locale'>;
  readonly message: Pick<ThreadMessage, 'createdAt' | 'editedAt' | 'deleted'>;
}

/** How long ago a message was written, as long as it is shown; the pointer is told the date and time. */
export function Age({ context, message }: AgeProps): JSX.Element {
  const { trans, locale } = context;
  const { createdAt, editedAt, deleted } = message;
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), MINUTE);
    return () => window.clearInterval(timer);
  }, []);
  const edited = editedAt && !deleted ? editedAt : null;
  const times = [
    wholeTime(createdAt, locale),
    edited ? trans.__('Edited: %1', wholeTime(edited, locale)) : ''
  ];
  return (
    <time dateTime={createdAt} title={times.filter(Boolean).join('\n')}>
      {ageText(message, now, trans, locale)}
      {edited && ` · ${trans.__('edited')}`}
    </time>
  );
}
