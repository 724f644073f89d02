import * as React from 'react';

import type { ConnectionState, SpecConnection } from '../session';

/** The connection's state; the component renders again when it changes. */
export function useConnection(connection: SpecConnection): ConnectionState {
  return React.useSyncExternalStore(
    listener => connection.subscribe(listener),
    () => connection.state
  );
}
