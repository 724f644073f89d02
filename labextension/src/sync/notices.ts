/** A message to the user; `code` is stable, `message` an English sentence that may be translated by its code. */
export interface Message {
  readonly code: string;
  readonly message: string;
}

/** Edits were merged with a text that the client could not follow operation by operation. */
export const MERGED: Message = {
  code: 'MERGED',
  message:
    'While you were away the spec changed too much to follow step by step. Your edits were merged into it: please look them over.'
};

/** Edits were merged into another history of the document. */
export const REPLACED: Message = {
  code: 'HISTORY_REPLACED',
  message:
    'The spec was restored from a backup. Edits of yours were merged into it: please look them over.'
};

/** Edits in this browser belong to another user. */
export const OTHER_USER: Message = {
  code: 'OTHER_USER',
  message:
    'Edits that were made in this browser under another login were not sent. Look at “Rescued edits” in the Specs sidebar.'
};

/** An edit was refused, since the document would become larger than the server allows. */
export const TOO_LARGE: Message = {
  code: 'DOCUMENT_TOO_LARGE',
  message:
    'This would make the spec too large. Shorten it first, or put a part of it into another spec.'
};

/** The notice that is shown to the user until they dismiss it. */
export class Notices {
  private latest: Message | null = null;

  get current(): Message | null {
    return this.latest;
  }

  show(notice: Message): void {
    this.latest = notice;
  }

  dismiss(): void {
    this.latest = null;
  }
}
