import type { Change } from './change';
import type { InquiryListener } from './inquiry';
import type { Message } from './notices';
import type { SendingListener } from './sending';

export interface ExchangeListener extends SendingListener, InquiryListener {
  /** The text changed, but not by an edit of the user. */
  textChanged(change: Change): void;
  /** The version, the pending edits or the trouble with them changed. */
  progressed(): void;
  /** The server takes no edits of this user any more. */
  forbidden(): void;
  /** The pending edits can't be sent, and nothing is sent any more. */
  failed(error: Message): void;
}
