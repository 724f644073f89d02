import type { Role } from '../../src/protocol';
import type { Collaborator, SpecAccess } from '../../src/server/collaborators';

/** The entry of a person whose user id is their login name. */
export function person(login: string, role: Role, userName = login): Collaborator {
  return { principal: `user:${login}`, userId: login, userName, role };
}

export function group(name: string, role: Role): Collaborator {
  return { principal: `group:${name}`, userName: name, role };
}

/** The list as `me` sees it; their role is the default one if they have no entry. */
export function accessOf(
  me: string,
  collaborators: readonly Collaborator[],
  defaultRole: Role | 'none' = 'none'
): SpecAccess {
  const own = collaborators.find(({ userId }) => userId === me)?.role ?? defaultRole;
  return { collaborators, defaultRole, me: { userId: me, role: own === 'none' ? 'viewer' : own } };
}
