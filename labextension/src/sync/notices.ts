/** Something to tell the user; `code` is stable, `message` an English sentence that may be translated by it. */
export interface Message {
  readonly code: string;
  readonly message: string;
}

export const MERGED: Message = {
  code: 'MERGED',
  message:
    'While you were away the spec changed too much to follow step by step. Your edits were merged into it: please look them over.'
};

export const REPLACED: Message = {
  code: 'HISTORY_REPLACED',
  message:
    'The spec was restored from a backup. Edits of yours were merged into it: please look them over.'
};

/** Edits of somebody who used this browser before. */
export const OTHER_USER: Message = {
  code: 'OTHER_USER',
  message:
    'Edits that were made in this browser under another login were not sent. Look at “Rescued edits” in the Specs sidebar.'
};

/** An edit that was not taken, since the document would become larger than the server allows. */
export const TOO_LARGE: Message = {
  code: 'DOCUMENT_TOO_LARGE',
  message:
    'This would make the spec too large. Shorten it first, or put a part of it into another spec.'
};
