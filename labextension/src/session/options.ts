import type { OpenTransport } from '../protocol';
import type { Environment } from '../runtime';
import type { Inheritance, Keeping } from '../keeping';

/** What a connection to a spec is made of. */
export interface ConnectionOptions {
  readonly specId: string;
  readonly openTransport: OpenTransport;
  /** Which server, where a page talks to several; a connection is shared by those who name both alike. */
  readonly server?: string;
  readonly environment?: Environment;
  /** Where edits are kept beyond the life of the page; nowhere by default. */
  readonly keeping?: Keeping;
  /** Edits that can't be sent were put where their user finds them. */
  rescued?(): void;
}

/** What an earlier page left, to be sent without being shown. */
export interface OrphanOptions extends ConnectionOptions {
  readonly keeping: Keeping;
  readonly inheritance: Inheritance;
  /** All is sent, or put aside. */
  gone(): void;
}
