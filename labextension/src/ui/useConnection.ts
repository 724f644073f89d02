import * as React from 'react';

import type { ConnectionState, SpecConnection } from '../session';

type Field = keyof ConnectionState;

/**
 * The connection's state; the component renders again when a field that it read has changed.
 *
 * The version changes with every edit of anyone. Each time React renders, it looks for the selection in the page,
 * through all of the editor's lines if the editor has the focus.
 */
export function useConnection(connection: SpecConnection): ConnectionState {
  const reading = React.useMemo(() => new Reading(connection), [connection]);
  return React.useSyncExternalStore(
    listener => connection.subscribe(listener),
    () => reading.current()
  );
}

/** Law (`useConnection.test.tsx`): `current()` is the same object until a field that was read from it changes. */
class Reading {
  private latest: ConnectionState;
  private shown: ConnectionState;
  private readonly read = new Set<Field>();

  constructor(private readonly connection: SpecConnection) {
    this.latest = connection.state;
    this.shown = this.noting(this.latest);
  }

  current(): ConnectionState {
    const { state } = this.connection;
    if ([...this.read].some(field => state[field] !== this.latest[field])) {
      this.latest = state;
      this.shown = this.noting(state);
    }
    return this.shown;
  }

  /** `state`, with a note of each field that is read. */
  private noting(state: ConnectionState): ConnectionState {
    const { read } = this;
    return new Proxy(state, {
      get: (target, field) => {
        read.add(field as Field);
        return target[field as Field];
      }
    });
  }
}
