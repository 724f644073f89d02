/**
 * Something to tell the user. `code` chooses the sentence in their language; `message` is what the server said, and
 * empty where it said nothing.
 *
 * Law (`translated.test.ts`): this code and the layers around it hold no sentences; `ui/messageText.ts` has them.
 */
export interface Message {
  readonly code: string;
  readonly message: string;
}

/** A message that the server has not sent. */
export function ownMessage(code: string): Message {
  return { code, message: '' };
}

/** Edits were merged with a text that the client could not follow operation by operation. */
export const MERGED = ownMessage('MERGED');

/** Edits were merged into another history of the document. */
export const REPLACED = ownMessage('HISTORY_REPLACED');

/** Edits in this browser belong to another user. */
export const OTHER_USER = ownMessage('OTHER_USER');

/** An edit was not made, since the document would become larger than the server allows. */
export const TOO_LARGE = ownMessage('WOULD_BE_TOO_LARGE');

/** The user may not edit any more, and their last edits were put aside. */
export const FORBIDDEN = ownMessage('FORBIDDEN');

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
