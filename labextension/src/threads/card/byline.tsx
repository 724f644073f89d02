import * as React from 'react';

import type { ThreadMessage } from '../../server/threads';
import { Avatar } from '../../ui/avatar';
import type { ThreadContext } from '../threadContext';
import { Age } from './age';

export interface BylineProps {
  readonly context: Pick<ThreadContext, 'trans' | 'locale' | 'colourOf'>;
  readonly message: Pick<
    ThreadMessage,
    'userId' | 'userName' | 'createdAt' | 'editedAt' | 'deleted'
  >;
}

/** Who wrote a message, and how long ago. */
export function Byline({ context, message }: BylineProps): JSX.Element {
  const { userId, userName } = message;
  return (
    <>
      <Avatar user={{ userId, userName, color: context.colourOf(userId) }} label={userName} />
      <span className="jp-ThreadMessage-name">{userName}</span>
      <Age context={context} message={message} />
    </>
  );
}
