import type { SentOperation } from '../protocol';
import type { Message } from './notices';
import type { Replica } from './replica';

/** Stores edits so that they outlive the page. */
export interface EditKeeper {
  /** Calls `then` once the next page would send `message`, the operation in flight, again. */
  whenKept(message: SentOperation, then: () => void): void;
  /** Stores edits of `replica` that will not be sent as they are; `why` is shown with them. */
  setAside(replica: Replica, why: Message): void;
}
