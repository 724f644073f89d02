import type { Operation, Text } from '../text';

/** Where a change of the text came from. */
export type ChangeOrigin = 'remote' | 'local' | 'undo' | 'loaded' | 'merged';

/** A change of the shown text: `after` is `before.apply(operation)`. */
export interface Change {
  readonly operation: Operation;
  readonly before: Text;
  readonly after: Text;
  readonly origin: ChangeOrigin;
  /** The user who made the change; `null` for the page's own user, and where several people's edits are in it. */
  readonly userId: string | null;
}
