import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ActiveUser } from '../protocol';
import type { SpecConnection } from '../session';
import { Avatar } from '../ui/avatar';
import { useConnection } from '../ui/useConnection';
import { Arrivals } from './arrivals';
import type { PeopleDetails } from './details';
import type { Following, FollowState } from './following';
import { detailsText } from './words';

/** Users whose avatars are shown; the others are in the menu. */
export const AVATARS = 5;

export interface PeopleBarOptions {
  readonly connection: SpecConnection;
  readonly following: Following;
  readonly details: PeopleDetails;
  readonly trans: TranslationBundle;
  /** Opens the menu of all people below `button`; `closed` is called when it is closed. */
  openMenu(button: HTMLElement, closed: () => void): void;
}

/** The avatars of the users who have the spec open: a click goes to the user's caret, another one follows it. */
export class PeopleBar extends ReactWidget {
  constructor(private readonly options: PeopleBarOptions) {
    super();
    this.addClass('jp-SpecPeople');
  }

  protected override render(): JSX.Element {
    return <Bar {...this.options} />;
  }
}

function Bar(options: PeopleBarOptions): JSX.Element {
  const { connection, following, details, trans } = options;
  const { users, me } = useConnection(connection);
  const state = useFollowing(following);
  const [isLookedAt, look] = React.useState(false);
  useDetails(details, isLookedAt);
  const isMe = ({ userId }: ActiveUser) => userId === me?.userId;
  const others = users.filter(user => !isMe(user));
  const looking = {
    onPointerEnter: () => look(true),
    onFocus: () => look(true),
    onPointerLeave: () => look(false),
    onBlur: () => look(false)
  };
  return (
    <div className="jp-SpecPeople-bar" {...looking}>
      {users.filter(isMe).map(user => (
        <Avatar key={user.userId} user={user} label={trans.__('%1 (you)', user.userName)} />
      ))}
      {others.slice(0, AVATARS).map(user => (
        <Face
          key={user.userId}
          user={user}
          state={state}
          more={isLookedAt ? detailsText(details.of(user.userId), trans) : ''}
          click={() => following.click(user.userId)}
          trans={trans}
        />
      ))}
      {me && <MenuButton {...options} hidden={Math.max(0, others.length - AVATARS)} />}
      <Arrivals users={others} trans={trans} />
    </div>
  );
}

interface FaceProps {
  readonly user: ActiveUser;
  readonly state: FollowState;
  /** Role and section. */
  readonly more: string;
  readonly trans: TranslationBundle;
  click(): void;
}

function Face({ user, state, more, click, trans }: FaceProps): JSX.Element {
  const { userId, userName } = user;
  const isFollowed = state.followed === userId;
  const action = isFollowed
    ? trans.__('Stop following %1', userName)
    : state.jumped === userId
      ? trans.__('Follow %1', userName)
      : trans.__('Go to where %1 is', userName);
  return (
    <button
      className={`jp-SpecPeople-face${isFollowed ? ' jp-mod-followed' : ''}`}
      aria-pressed={isFollowed}
      onClick={click}
    >
      <Avatar user={user} label={more ? `${action}\n${more}` : action} />
    </button>
  );
}

function MenuButton({
  trans,
  openMenu,
  hidden
}: PeopleBarOptions & { readonly hidden: number }): JSX.Element {
  const [isOpen, setOpen] = React.useState(false);
  const label = trans.__('People in this spec');
  return (
    <button
      className="jp-SpecPeople-more"
      title={label}
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      onClick={event => {
        setOpen(true);
        openMenu(event.currentTarget, () => setOpen(false));
      }}
    >
      {hidden > 0 ? `+${hidden}` : <span aria-hidden="true">▾</span>}
    </button>
  );
}

/** Whom the view follows. */
export function useFollowing(following: Following): FollowState {
  return React.useSyncExternalStore(
    listener => following.subscribe(listener),
    () => following.state
  );
}

/** Renders again when details change, while somebody looks at them. */
export function useDetails(details: PeopleDetails, isLookedAt: boolean): void {
  const [, render] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => (isLookedAt ? details.look(render) : undefined), [details, isLookedAt]);
}
