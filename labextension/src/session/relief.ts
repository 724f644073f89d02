import type { Environment } from '../runtime';
import type { ConnectionState, Relieved } from './connectionState';

/** Milliseconds for which the user is told that all is well again. */
const TOLD_FOR = 6_000;

/** What the user was told to be wrong. */
interface Worries {
  readonly isOffline: boolean;
  readonly isUnsaved: boolean;
  readonly isLeft: boolean;
}

const NONE: Worries = { isOffline: false, isUnsaved: false, isLeft: false };

/** Finds the moment when something is well again that the user was told to be wrong. */
export class Relief {
  private worries = NONE;
  private told: Relieved | null = null;
  private cancel: (() => void) | null = null;

  /** Calls `over` when {@link after} would answer otherwise though nothing else has changed. */
  constructor(
    private readonly environment: Environment,
    private readonly over: () => void
  ) {}

  /** The state with {@link ConnectionState.relief}. */
  after(state: ConnectionState): ConnectionState {
    const isOffline = isLongOffline(state);
    const isTold = isOffline || state.trouble !== null;
    const { worries } = this;
    this.worries = {
      isOffline: worries.isOffline || isOffline,
      isUnsaved: worries.isUnsaved || (isTold && state.pendingOperations > 0),
      isLeft: worries.isLeft || state.leftOperations > 0 || state.isContinuing
    };
    this.relieve(state);
    return { ...state, relief: this.told };
  }

  /** Somebody who goes on typing is told that the connection is back before all edits are saved. */
  private relieve({ status, trouble, leftOperations }: ConnectionState): void {
    const { isOffline, isUnsaved, isLeft } = this.worries;
    const isBack = (status === 'synchronised' || status === 'saving') && trouble === null;
    const isWell = isBack && status === 'synchronised' && leftOperations === 0;
    if (isWell && (isOffline || isUnsaved || isLeft)) {
      this.begin(reliefOf(this.worries));
      this.worries = NONE;
    } else if (isBack && isOffline) {
      this.begin('connected');
      this.worries = { ...this.worries, isOffline: false };
    } else if (!isBack || (!isWell && this.told !== 'connected')) {
      this.end();
    }
  }

  private begin(relief: Relieved): void {
    this.end();
    this.told = relief;
    this.cancel = this.environment.after(TOLD_FOR, () => {
      this.end();
      this.over();
    });
  }

  private end(): void {
    this.cancel?.();
    this.cancel = this.told = null;
  }
}

function reliefOf({ isOffline, isUnsaved }: Worries): Relieved {
  if (isOffline) {
    return isUnsaved ? 'reconnected' : 'connected';
  }
  return isUnsaved ? 'saved' : 'fetched';
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
