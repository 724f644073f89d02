import type { OpenTransport, SpecNews } from '../protocol';
import type { Environment } from '../runtime';
import type { Inheritance, Keeping } from '../keeping';

/** The options of a connection to a spec. */
export interface ConnectionOptions {
  readonly specId: string;
  readonly openTransport: OpenTransport;
  /** The server, where a page talks to several. Views with the same server and spec share a connection. */
  readonly server?: string;
  readonly environment?: Environment;
  /** Stores edits beyond the life of the page; nothing is stored by default. */
  readonly keeping?: Keeping;
  /** Edits that can't be sent were put where the user finds them. */
  rescued?(): void;
  /** The spec was joined, maybe after a loss in which changes of its entry were missed. */
  joined?(): void;
  /** Somebody changed the spec's entry. */
  specChanged?(news: SpecNews): void;
}

/** Edits of an earlier page, to be sent without being shown. */
export interface OrphanOptions extends ConnectionOptions {
  readonly keeping: Keeping;
  readonly inheritance: Inheritance;
  /** All edits were sent or put aside. */
  gone(): void;
}
