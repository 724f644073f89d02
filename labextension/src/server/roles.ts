import type { Role } from '../protocol';

/** The roles that can be given, lowest first: each includes the rights of the ones before it. */
export const ROLES: readonly Role[] = ['viewer', 'commenter', 'contributor', 'admin', 'owner'];

/** Whether `role` has the rights of `required`; a role that is not known has none. */
export function allows(role: string, required: Role): boolean {
  return ROLES.indexOf(role as Role) >= ROLES.indexOf(required);
}
