import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { SpecConnection } from '../session';
import { useConnection } from '../ui/useConnection';
import { detailsOf } from './detailsText';

interface Props {
  readonly connection: SpecConnection;
  readonly trans: TranslationBundle;
}

/** The popup with the properties of a connection. */
export function StatusDetails({ connection, trans }: Props): JSX.Element {
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
