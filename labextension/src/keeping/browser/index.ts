/** Where a browser keeps edits beyond the life of a page. */

import type { Keeping } from '../editStorage';
import { browserClaims } from './claims';
import { IndexedDbShelf } from './indexedDb';
import { LastWords } from './pagehideBackup';
import { TabMemories } from './memories';

/** All that this browser has for it; `identify` says by which name JupyterLab knows the user. */
export function browserKeeping(identify: Keeping['identify']): Keeping {
  const shelf = new IndexedDbShelf(new LastWords(window.localStorage));
  window.addEventListener('pagehide', () => shelf.leave(), { capture: true });
  window.addEventListener('pageshow', () => shelf.stay());
  return {
    shelf,
    claims: browserClaims(),
    memories: new TabMemories(window.sessionStorage),
    identify
  };
}
