import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { type ActiveUser, mayEdit } from '../protocol';
import type { SpecConnection } from '../session';
import { Avatar } from '../ui/avatar';
import { useConnection } from '../ui/useConnection';

/** Users whose avatars are shown; the others are counted. */
const AVATARS = 5;

export interface ActiveUsersOptions {
  readonly connection: SpecConnection;
  readonly trans: TranslationBundle;
  /** Scrolls to a user's caret. */
  reveal(userId: string): void;
}

/** The avatars of the users who have the spec open; a click scrolls to the user's caret. */
export class ActiveUsers extends ReactWidget {
  constructor(private readonly options: ActiveUsersOptions) {
    super();
    this.addClass('jp-SpecPeople');
  }

  protected override render(): JSX.Element {
    return <Avatars {...this.options} />;
  }
}

function Avatars({ connection, trans, reveal }: ActiveUsersOptions): JSX.Element {
  const { users, me, role } = useConnection(connection);
  const isMe = ({ userId }: ActiveUser) => userId === me?.userId;
  const others = users.filter(user => !isMe(user));
  const rest = others.slice(AVATARS).map(({ userName }) => userName);
  return (
    <>
      {role && !mayEdit(role) && <span className="jp-Spec-badge">{trans.__('View only')}</span>}
      {users.filter(isMe).map(user => (
        <Avatar key={user.userId} user={user} label={trans.__('%1 (you)', user.userName)} />
      ))}
      {others.slice(0, AVATARS).map(user => (
        <button
          key={user.userId}
          className="jp-SpecPeople-face"
          onClick={() => reveal(user.userId)}
        >
          <Avatar user={user} label={trans.__('Go to where %1 is', user.userName)} />
        </button>
      ))}
      {rest.length > 0 && (
        <span className="jp-Spec-more" title={rest.join('\n')}>
          {trans._n('%1 other', '%1 others', rest.length, rest.length)}
        </span>
      )}
      <Arrivals users={others} trans={trans} />
    </>
  );
}

/** Announces to screen readers who joined and who left. */
function Arrivals({
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
