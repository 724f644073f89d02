import type { Role } from '../protocol';

/** What somebody was given in a spec: a person's entry has a `userId`, a group's has none. */
export interface Collaborator {
  /** `user:<login name>`, `group:<name>`, or a userId where no login of this server is known. */
  readonly principal: string;
  readonly userId?: string;
  readonly userName: string;
  readonly role: Role;
}

/** With whom a spec is shared, and what the reader of the list is in it. */
export interface SpecAccess {
  /** Owners first. */
  readonly collaborators: readonly Collaborator[];
  /** The role of those who have no entry, in person or by a group; of the server's configuration. */
  readonly defaultRole: Role | 'none';
  readonly me: { readonly userId: string; readonly role: Role };
}

/** A kind of principal. */
export type Kind = 'user' | 'group';

const PREFIXED = /^(user|group):/;
/** The server takes names up to this many characters. */
export const NAME_LENGTH = 200;

/** Whom a typed name means, as the server calls them; a prefix that was typed counts for more than `kind`. */
export function principalOf(kind: Kind, typed: string): string | null {
  const name = typed.trim();
  const principal = PREFIXED.test(name) ? name : `${kind}:${name}`;
  return principal.replace(PREFIXED, '').trim() === '' ? null : principal;
}

export function isGroup({ principal }: Collaborator): boolean {
  return principal.startsWith('group:');
}

/** What tells two people of one name apart: the login name; empty where the name shown is that. */
export function loginOf({ principal, userName }: Collaborator): string {
  const login = principal.startsWith('user:') ? principal.slice('user:'.length) : '';
  return login === userName ? '' : login;
}

/** The name to show; an id where nobody has said a name yet. */
export function nameOf({ principal, userName }: Collaborator): string {
  return userName || principal.replace(PREFIXED, '');
}
