import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { mayEdit } from '../protocol';
import type { SpecConnection } from '../session';
import { Avatar } from '../ui/avatar';
import { useConnection } from '../ui/useConnection';
import type { PeopleDetails } from './details';
import type { Following } from './following';
import { useDetails, useFollowing } from './peopleBar';
import { detailsText } from './words';

export interface PeopleMenuOptions {
  readonly connection: SpecConnection;
  readonly following: Following;
  readonly details: PeopleDetails;
  readonly trans: TranslationBundle;
  /** Asks everybody to come to the user's caret. */
  summon(): void;
  /** Asks the user for a name; `null` where the name comes from a login that others gave. */
  readonly chooseName: (() => void) | null;
}

/** The menu of all people in a spec: arrow keys move in it, Escape closes it; then the focus is where it was. */
export class PeopleMenu extends ReactWidget {
  private readonly before = document.activeElement;

  private constructor(
    private readonly options: PeopleMenuOptions,
    private readonly button: HTMLElement,
    private readonly closed: () => void
  ) {
    super();
    this.addClass('jp-SpecPeopleMenu');
  }

  /** Opens the menu below `button`. */
  static open(options: PeopleMenuOptions, button: HTMLElement, closed: () => void): void {
    const menu = new PeopleMenu(options, button, closed);
    const { bottom, right } = button.getBoundingClientRect();
    menu.node.style.top = `${bottom + 2}px`;
    menu.node.style.right = `${Math.max(4, window.innerWidth - right)}px`;
    Widget.attach(menu, document.body);
    document.addEventListener('pointerdown', menu, true);
  }

  handleEvent(event: Event): void {
    if (!this.node.contains(event.target as Node)) {
      this.close();
    }
  }

  override dispose(): void {
    if (!this.isDisposed) {
      document.removeEventListener('pointerdown', this, true);
      super.dispose();
      this.closed();
    }
  }

  protected override render(): JSX.Element {
    const { before, button } = this;
    const leave = () => {
      this.close();
      const isElsewhere = before instanceof HTMLElement && before !== document.body;
      (isElsewhere && before.isConnected ? before : button).focus();
    };
    return <Items {...this.options} leave={leave} close={() => this.close()} />;
  }

  protected override onCloseRequest(): void {
    this.dispose();
  }
}

interface ItemsProps extends PeopleMenuOptions {
  /** Closes the menu, and gives the focus back. */
  leave(): void;
  close(): void;
}

function Items(props: ItemsProps): JSX.Element {
  const { connection, following, details, trans, summon, chooseName, leave, close } = props;
  const { users, me, role } = useConnection(connection);
  const { followed } = useFollowing(following);
  const list = React.useRef<HTMLDivElement>(null);
  useDetails(details, true);
  React.useEffect(() => move(list.current, 0), []);
  const others = users.filter(({ userId }) => userId !== me?.userId);
  const then = (act: () => void) => () => {
    leave();
    act();
  };
  return (
    <div
      ref={list}
      role="menu"
      aria-label={trans.__('People in this spec')}
      onKeyDown={event => {
        const step = STEPS[event.key];
        if (event.key === 'Escape') {
          event.stopPropagation();
          leave();
        } else if (event.key === 'Tab') {
          close();
        } else if (step !== undefined) {
          event.preventDefault();
          move(list.current, step);
        }
      }}
    >
      {others.length === 0 && (
        <div className="jp-SpecPeopleMenu-note" role="presentation">
          {trans.__('Nobody else is here. Share the spec, and you see here who reads and writes.')}
        </div>
      )}
      {others.map(user => (
        <button
          key={user.userId}
          className="jp-SpecPeopleMenu-item"
          role="menuitemradio"
          aria-checked={followed === user.userId}
          onClick={then(() => following.click(user.userId))}
        >
          <span aria-hidden="true">
            <Avatar user={user} label={user.userName} />
          </span>
          <span className="jp-SpecPeopleMenu-words">
            <span className="jp-SpecPeopleMenu-name">{user.userName}</span>
            <span className="jp-SpecPeopleMenu-more">
              {followed === user.userId
                ? trans.__('You follow them')
                : detailsText(details.of(user.userId), trans)}
            </span>
          </span>
        </button>
      ))}
      {others.length > 0 && role && mayEdit(role) && (
        <button className="jp-SpecPeopleMenu-item" role="menuitem" onClick={then(summon)}>
          {trans.__('Bring everybody to me')}
        </button>
      )}
      {chooseName && (
        <button className="jp-SpecPeopleMenu-item" role="menuitem" onClick={then(chooseName)}>
          {trans.__('Others read “%1”. Choose your name…', me?.userName ?? '')}
        </button>
      )}
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: -Infinity,
  End: Infinity
};

/** Moves the focus among the items, from the last one to the first; an infinite step goes to an end. */
function move(list: HTMLElement | null, step: number): void {
  const items = [...(list?.querySelectorAll<HTMLElement>('button') ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = Number.isFinite(step)
    ? (Math.max(at, step > 0 ? -1 : 0) + step + items.length) % Math.max(1, items.length)
    : step < 0
      ? 0
      : items.length - 1;
  items[next]?.focus();
}
