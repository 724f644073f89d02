/** Storage of edits in a browser. */

import type { Keeping } from '../editStorage';
import { browserClaims } from './claims';
import { IndexedDbEditStorage } from './indexedDb';
import { PagehideBackup } from './pagehideBackup';
import { TabMemories } from './memories';

/** The storage of this browser; `identify` calls back with the user's name in JupyterLab. */
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
