import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ActiveUser } from '../protocol';

/** Announces to screen readers who joined and who left. */
export function Arrivals({
  users,
  trans
}: {
  users: readonly ActiveUser[];
  trans: TranslationBundle;
}): JSX.Element {
  const previous = React.useRef<readonly ActiveUser[]>(users);
  const [announcement, announce] = React.useState('');
  React.useEffect(() => {
    const joined = missingIn(previous.current, users).map(name => trans.__('%1 joined.', name));
    const left = missingIn(users, previous.current).map(name => trans.__('%1 left.', name));
    previous.current = users;
    if (joined.length + left.length > 0) {
      announce([...joined, ...left].join(' '));
    }
  }, [users]);
  return (
    <span className="jp-Spec-heard" role="status">
      {announcement}
    </span>
  );
}

/** The names of the users in `users` who are not in `list`. */
function missingIn(list: readonly ActiveUser[], users: readonly ActiveUser[]): string[] {
  const known = new Set(list.map(({ userId }) => userId));
  return users.filter(({ userId }) => !known.has(userId)).map(({ userName }) => userName);
}
