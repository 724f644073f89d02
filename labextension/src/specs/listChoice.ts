import type { SpecSort } from '../server/specs';

/** How the list is sorted, and which specs it has. Empty: whatever it is. */
export interface ListChoice {
  readonly sort: SpecSort;
  readonly status: string;
  readonly type: string;
  readonly mine: boolean;
}

export const EVERYTHING: ListChoice = { sort: 'changed', status: '', type: '', mine: false };

/** Whether some specs are left out. */
export function leavesOut({ status, type, mine }: ListChoice): boolean {
  return status !== '' || type !== '' || mine;
}
