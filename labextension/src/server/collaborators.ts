import type { Role } from '../protocol';
import type { RestClient } from './rest';

/** An entry of a spec's access list: a person or a group, and their role. Only a person has a `userId`. */
export interface Collaborator {
  /** `user:<login name>`, `group:<name>`, or a user id if this server knows no login name for it. */
  readonly principal: string;
  readonly userId?: string;
  readonly userName: string;
  readonly role: Role;
  /** Only in the answer to {@link CollaboratorsApi.setRole}: nobody has this name yet, and another may be meant. */
  readonly hint?: Hint;
}

/** What the server says of a name that nobody has. `near` are principals that may be meant. */
export interface Hint {
  readonly message: string;
  readonly near: readonly string[];
}

/** The access list of a spec, with the role of the user who asks. */
export interface SpecAccess {
  /** Owners first. */
  readonly collaborators: readonly Collaborator[];
  /** The role of users without an entry of their own or of a group; set by the server's configuration. */
  readonly defaultRole: Role | 'none';
  readonly me: { readonly userId: string; readonly role: Role };
}

/** REST calls about the access list of a spec. Each rejects with {@link SpecError} if the server refuses. */
export class CollaboratorsApi {
  constructor(private readonly rest: RestClient) {}

  list(specId: string): Promise<SpecAccess> {
    return this.rest.request({ method: 'GET', path: [specId, 'collaborators'] });
  }

  /** Sets the role of a principal, who may be new to the list. */
  setRole(specId: string, principal: string, role: Role): Promise<Collaborator> {
    const path = [specId, 'collaborators', principal];
    return this.rest.request({ method: 'PUT', path, body: { role } });
  }

  /** Removes an entry; users may always remove their own. */
  async remove(specId: string, principal: string): Promise<void> {
    await this.rest.request({ method: 'DELETE', path: [specId, 'collaborators', principal] });
  }
}

export type PrincipalKind = 'user' | 'group';

const PREFIXED = /^(user|group):/;
/** The server accepts names of up to this many characters. */
export const NAME_LENGTH = 200;

/** The principal for a typed name, `null` for an empty one. A typed prefix takes precedence over `kind`. */
export function principalOf(kind: PrincipalKind, typed: string): string | null {
  const name = typed.trim();
  const principal = PREFIXED.test(name) ? name : `${kind}:${name}`;
  return principal.replace(PREFIXED, '').trim() === '' ? null : principal;
}

export function isGroup({ principal }: Collaborator): boolean {
  return principal.startsWith('group:');
}

/** The login name, which tells two people of one name apart; empty if it equals the displayed name. */
export function loginOf({ principal, userName }: Collaborator): string {
  const login = principal.startsWith('user:') ? principal.slice('user:'.length) : '';
  return login === userName ? '' : login;
}

/** The name to display; the principal's own name or id if the server knows no other. */
export function nameOf({ principal, userName }: Collaborator): string {
  return userName || principal.replace(PREFIXED, '');
}
