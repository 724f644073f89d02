import { type Pending, pendingEdits, countParts } from '../sync';
import type { Session } from './session';
import type { ConnectionState, Status } from './connectionState';

/** The state of a session, as an interface shows it. */
export function stateOf(
  session: Session,
  {
    notice,
    isKeeping,
    leftOperations,
    isContinuing
  }: Pick<ConnectionState, 'notice' | 'isKeeping' | 'leftOperations' | 'isContinuing'>
): ConnectionState {
  const { exchange, link, people, state } = session;
  const { replica, sizeLimit } = exchange;
  return {
    status: statusOf(session),
    version: replica?.version ?? 0,
    pendingOperations: replica ? pendingEdits(replica.pending) : 0,
    pendingParts: partsOf(replica?.pending, sizeLimit),
    leftOperations,
    isContinuing,
    lostSince: state.phase === 'joined' ? null : state.lostSince,
    retryInSeconds: link.secondsLeft,
    attempts: link.attempts,
    role: state.role,
    canEdit: session.canEdit,
    users: people.users,
    me: state.me,
    error: state.error,
    notice,
    transport: link.name,
    obstacle: link.obstacle,
    roundTripMs: link.roundTripMs,
    limits: state.limits,
    operationsLeft: exchange.operationsLeft,
    isKeeping,
    trouble: state.phase === 'joined' ? exchange.trouble : state.trouble,
    relief: null
  };
}

function statusOf({ state, exchange, hasUnsaved }: Session): Status {
  switch (state.phase) {
    case 'ended':
      return 'ended';
    case 'lost':
      return 'offline';
    case 'opening':
      return exchange.replica ? 'offline' : 'connecting';
    case 'joined':
      if (!exchange.replica) {
        return 'connecting';
      }
      return hasUnsaved || exchange.isRecovering ? 'saving' : 'synchronised';
  }
}

function partsOf(pending: Pending | undefined, sizeLimit: number): number {
  const inFlight = pending?.outstanding ? 1 : 0;
  const buffer = pending?.buffer?.operation;
  return inFlight + (buffer ? countParts(buffer, sizeLimit) : 0);
}
