import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { safeColour, textOn } from '../editor';
import type { SpecConnection } from '../session';
import { useConnection } from '../ui/useConnection';
import type { Following } from './following';
import { useFollowing } from './peopleBar';

export interface FollowLineOptions {
  readonly connection: SpecConnection;
  readonly following: Following;
  readonly trans: TranslationBundle;
}

/** A frame in the colour of whom the view follows, with a line that says so. */
export class FollowLine extends ReactWidget {
  constructor(private readonly options: FollowLineOptions) {
    super();
    this.addClass('jp-SpecFollow');
  }

  protected override render(): JSX.Element {
    return <Line {...this.options} />;
  }
}

function Line({ connection, following, trans }: FollowLineOptions): JSX.Element {
  const { users } = useConnection(connection);
  const { followed, summons } = useFollowing(following);
  const id = followed ?? summons?.userId;
  const user = users.find(({ userId }) => userId === id);
  if (!user) {
    return <div role="status" />;
  }
  const colour = safeColour(user.color, user.userId);
  const style = { background: colour, color: textOn(colour) };
  const { userName } = user;
  return (
    <div className="jp-SpecFollow-frame" style={{ borderColor: followed ? colour : 'transparent' }}>
      <div className="jp-SpecFollow-line" style={style}>
        <span role="status">
          {followed
            ? trans.__('Following %1 — Esc to stop', userName)
            : trans.__('%1 asks everybody to come', userName)}
        </span>
        {summons && (
          <button style={style} onClick={() => following.follow(user.userId)}>
            {trans.__('Go there')}
          </button>
        )}
        <button style={style} onClick={() => following.stop()}>
          {followed ? trans.__('Stop') : trans.__('Not now')}
        </button>
      </div>
    </div>
  );
}
