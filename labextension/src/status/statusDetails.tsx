import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { SpecConnection } from '../session';
import { detailsOf } from './detailsText';
import { useConnection } from '../document/useConnection';

interface Props {
  readonly connection: SpecConnection;
  readonly trans: TranslationBundle;
}

/** Everything about a connection that someone may want to know, or be asked for. */
export function Details({ connection, trans }: Props): JSX.Element {
  const state = useConnection(connection);
  return (
    <>
      <dl>
        {detailsOf(state, trans).map(({ name, value, note }) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>
              {value}
              {note && <small>{note}</small>}
            </dd>
          </React.Fragment>
        ))}
      </dl>
      {state.status === 'offline' && (
        <button className="jp-mod-styled" onClick={() => connection.reconnectNow()}>
          {trans.__('Reconnect now')}
        </button>
      )}
    </>
  );
}
