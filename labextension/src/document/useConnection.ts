import * as React from 'react';

import type { ConnectionState, SpecConnection } from '../session';

/** The connection's state, as React follows it. */
export function useConnection(connection: SpecConnection): ConnectionState {
  return React.useSyncExternalStore(
    listener => connection.subscribe(listener),
    () => connection.state
  );
}
