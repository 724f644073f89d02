import type { Role } from '../protocol';

/** The roles that can be given, lowest first: each includes the rights of the ones before it. */
export const ROLES: readonly Role[] = ['viewer', 'contributor', 'admin', 'owner'];

/** All roles that a server may send, in the same order. */
const RANKS: readonly Role[] = ['viewer', 'commenter', 'contributor', 'admin', 'owner'];

/** Whether `role` has the rights of `required`; a role that is not known has none. */
export function allows(role: string, required: Role): boolean {
  return RANKS.indexOf(role as Role) >= RANKS.indexOf(required);
}
