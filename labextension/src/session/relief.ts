import type { Environment } from '../runtime';
import type { ConnectionState } from './connectionState';

/** Milliseconds for which the user is told that all edits are saved, after they were told that some were not. */
const TOLD_FOR = 6_000;

/** Finds the moment when edits are saved that the user was told to be unsaved. */
export class Relief {
  private isWorried = false;
  private cancel: (() => void) | null = null;

  /** Calls `over` when {@link after} would answer otherwise though nothing else has changed. */
  constructor(
    private readonly environment: Environment,
    private readonly over: () => void
  ) {}

  /** The state with {@link ConnectionState.isRelieved}. */
  after(state: ConnectionState): ConnectionState {
    if (state.pendingOperations > 0 && isTold(state)) {
      this.isWorried = true;
    }
    if (state.status !== 'synchronised') {
      this.end();
    } else if (this.isWorried) {
      this.isWorried = false;
      this.cancel = this.environment.after(TOLD_FOR, () => {
        this.end();
        this.over();
      });
    }
    return { ...state, isRelieved: this.cancel !== null };
  }

  private end(): void {
    this.cancel?.();
    this.cancel = null;
  }
}

/** Whether the interface says that edits are not saved. */
function isTold({ status, attempts, trouble }: ConnectionState): boolean {
  return trouble !== null || isLongOffline({ status, attempts });
}

/**
 * Whether the connection is lost for so long that a notice says so. There is none after the first failed
 * attempt, since the second one mostly succeeds within a second.
 */
export function isLongOffline({
  status,
  attempts
}: Pick<ConnectionState, 'status' | 'attempts'>): boolean {
  return attempts > 1 && (status === 'offline' || status === 'connecting');
}
