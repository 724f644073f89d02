/** Where this browser keeps edits beyond the life of a page, and what becomes of them. */

import type { Keeping } from '../session';
import { browserClaims } from './claims';
import { IndexedDbShelf } from './indexedDb';
import { TabMemories } from './memories';

export { Orphanage } from './orphans';
export { type Rescue, Rescues } from './rescues';

/** All that this browser has for it; `identify` says by which name JupyterLab knows the user. */
export function browserKeeping(identify: Keeping['identify']): Keeping {
  return {
    shelf: new IndexedDbShelf(),
    claims: browserClaims(),
    memories: new TabMemories(window.sessionStorage),
    identify
  };
}
