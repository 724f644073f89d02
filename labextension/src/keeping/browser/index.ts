/** Where a browser keeps edits beyond the life of a page. */

import type { Keeping } from '../editStorage';
import { browserClaims } from './claims';
import { IndexedDbEditStorage } from './indexedDb';
import { PagehideBackup } from './pagehideBackup';
import { TabMemories } from './memories';

/** All that this browser has for it; `identify` says by which name JupyterLab knows the user. */
export function browserKeeping(identify: Keeping['identify']): Keeping {
  const editStorage = new IndexedDbEditStorage(new PagehideBackup(window.localStorage));
  window.addEventListener('pagehide', () => editStorage.leave(), { capture: true });
  window.addEventListener('pageshow', () => editStorage.stay());
  return {
    editStorage,
    claims: browserClaims(),
    memories: new TabMemories(window.sessionStorage),
    identify
  };
}
