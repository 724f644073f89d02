import { Clipboard, Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Restored } from './compared';
import type { Passage } from './passages';

/** Milliseconds for which "Undo" is offered, and for which a note stays that asks for nothing. */
const UNDO_FOR = 15_000;
const NOTE_FOR = 3000;

/** Tells what came of a passage that was to be restored, with the way back. */
export function tellRestored({ isChanged, undo }: Restored, trans: TranslationBundle): void {
  if (isChanged) {
    Notification.success(trans.__('The passage is as it was. Everybody sees it now.'), {
      autoClose: UNDO_FOR,
      actions: [{ label: trans.__('Undo'), displayType: 'accent', callback: undo }]
    });
  } else {
    Notification.info(trans.__('The spec reads like that already.'), { autoClose: NOTE_FOR });
  }
}

/** Copies the older words of a passage; where there are none, the newer ones. */
export function copyWords({ olderWords, newerWords }: Passage, trans: TranslationBundle): void {
  Clipboard.copyToSystem(olderWords || newerWords);
  Notification.success(
    olderWords ? trans.__('The older words are copied.') : trans.__('The words are copied.'),
    { autoClose: NOTE_FOR }
  );
}
