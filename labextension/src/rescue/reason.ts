import type { TranslationBundle } from '@jupyterlab/translation';

import type { Kept } from '../keeping';

/** Why edits were not sent, as a sentence for the user. */
export function reasonOf({ ending, me }: Kept, trans: TranslationBundle): string {
  switch (ending?.code) {
    case 'OTHER_USER':
      return me.userName
        ? trans.__('Made in this browser by %1, under another login, and not sent.', me.userName)
        : trans.__('Made in this browser under another login, and not sent.');
    case 'SPEC_NOT_FOUND':
      return trans.__(
        'The spec was deleted, or may no longer be seen by you, before they were sent.'
      );
    case 'SPEC_DELETED':
      return trans.__('The spec was deleted before they were sent.');
    case 'FORBIDDEN':
      return trans.__('You may no longer edit this spec.');
    case 'HISTORY_REPLACED':
      return trans.__(
        'The spec was restored from a backup. Your edits were merged into it; this is your text as it was.'
      );
    case 'DOCUMENT_TOO_LARGE':
      return trans.__('The spec would have become too large.');
    case 'OPERATION_TOO_LARGE':
      return trans.__('An edit was too large for the server.');
    case 'INVALID_OPERATION':
      return trans.__('The server could not read them.');
    case 'INVALID_CONTENT':
      return trans.__('They hold characters that no text may hold.');
    default:
      return ending?.message
        ? trans.__('The server did not take them: %1', ending.message)
        : trans.__('The server did not take them.');
  }
}
