import type { SpecSort } from '../server/specs';

/** How the list is sorted, and which specs it has. Empty: whatever it is. */
export interface ListChoice {
  readonly sort: SpecSort;
  readonly status: string;
  readonly type: string;
  readonly mine: boolean;
  /** Only what others changed since the user read it. */
  readonly unread: boolean;
}

export const EVERYTHING: ListChoice = {
  sort: 'changed',
  status: '',
  type: '',
  mine: false,
  unread: false
};

/** Whether some specs are left out. */
export function leavesOut({ status, type, mine, unread }: ListChoice): boolean {
  return status !== '' || type !== '' || mine || unread;
}
