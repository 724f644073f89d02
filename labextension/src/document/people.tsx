import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ActiveUser } from '../protocol';
import type { SpecConnection } from '../session';
import { Avatar } from '../ui/avatar';
import { useConnection } from './useConnection';

const FACES = 5;

export interface PeopleOptions {
  readonly connection: SpecConnection;
  readonly trans: TranslationBundle;
  /** Brings a person's cursor into view. */
  reveal(userId: string): void;
}

/** Who is in the spec, in its toolbar; a click leads to where they are. */
export class People extends ReactWidget {
  constructor(private readonly options: PeopleOptions) {
    super();
    this.addClass('jp-SpecPeople');
  }

  protected override render(): JSX.Element {
    return <Faces {...this.options} />;
  }
}

function Faces({ connection, trans, reveal }: PeopleOptions): JSX.Element {
  const { users, me, role } = useConnection(connection);
  const isMe = ({ userId }: ActiveUser) => userId === me?.userId;
  const others = users.filter(user => !isMe(user));
  const rest = others.slice(FACES).map(({ userName }) => userName);
  return (
    <>
      {role === 'viewer' && <span className="jp-Spec-badge">{trans.__('View only')}</span>}
      {users.filter(isMe).map(user => (
        <Avatar key={user.userId} person={user} label={trans.__('%1 (you)', user.userName)} />
      ))}
      {others.slice(0, FACES).map(user => (
        <button
          key={user.userId}
          className="jp-SpecPeople-face"
          onClick={() => reveal(user.userId)}
        >
          <Avatar person={user} label={trans.__('Go to where %1 is', user.userName)} />
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

/** Says to a screen reader who came and who went. */
function Arrivals({
  users,
  trans
}: {
  users: readonly ActiveUser[];
  trans: TranslationBundle;
}): JSX.Element {
  const before = React.useRef<readonly ActiveUser[]>(users);
  const [said, say] = React.useState('');
  React.useEffect(() => {
    const came = missingIn(before.current, users).map(name => trans.__('%1 joined.', name));
    const went = missingIn(users, before.current).map(name => trans.__('%1 left.', name));
    before.current = users;
    if (came.length + went.length > 0) {
      say([...came, ...went].join(' '));
    }
  }, [users]);
  return (
    <span className="jp-Spec-heard" role="status">
      {said}
    </span>
  );
}

/** Names of those in `users` who are not in `list`. */
function missingIn(list: readonly ActiveUser[], users: readonly ActiveUser[]): string[] {
  const known = new Set(list.map(({ userId }) => userId));
  return users.filter(({ userId }) => !known.has(userId)).map(({ userName }) => userName);
}
