import type { Role } from '../protocol';
import { type Collaborator, isGroup, type SpecAccess } from '../server/collaborators';
import { allows, ROLES } from '../server/roles';

/** What the user may do with one entry of an access list. The server checks again. */
export interface Rights {
  /** The roles that the user may give to the entry; empty if they may not change it. */
  readonly choices: readonly Role[];
  readonly mayRemove: boolean;
}

/** Whether the user may change the access list. */
export function mayShare({ me }: SpecAccess): boolean {
  return allows(me.role, 'admin');
}

/** The roles that the user may give to a new entry. */
export function rolesToGive(access: SpecAccess): readonly Role[] {
  return mayShare(access) ? ROLES.filter(role => role !== 'owner' || isOwner(access)) : [];
}

/** Admins change roles; only owners change those of owners, and the last owner who is a person stays. */
export function rightsOn(entry: Collaborator, access: SpecAccess): Rights {
  const isAllowed = entry.role !== 'owner' || isOwner(access);
  const known = ROLES.includes(entry.role) ? [] : [entry.role];
  const isFixed = !mayShare(access) || !isAllowed || isLastOwner(entry, access);
  return {
    choices: isFixed ? [] : [...new Set([...known, ...rolesToGive(access)])],
    mayRemove: !isFixed && !isMine(entry, access)
  };
}

/** The people to whom the user may hand the spec over; empty unless the user's own entry makes them an owner. */
export function successors(access: SpecAccess): readonly Collaborator[] {
  const { collaborators } = access;
  const others = collaborators.filter(entry => !isGroup(entry) && !isMine(entry, access));
  return ownEntry(access)?.role === 'owner' && isOwner(access) ? others : [];
}

/** Whether the entry is the user's own. */
export function isMine({ userId }: Collaborator, { me }: SpecAccess): boolean {
  return userId === me.userId;
}

export function ownEntry(access: SpecAccess): Collaborator | undefined {
  return access.collaborators.find(entry => isMine(entry, access));
}

/** Whether the entry is that of the only owner who is a person and not a group. */
export function isLastOwner(entry: Collaborator, { collaborators }: SpecAccess): boolean {
  const owners = collaborators.filter(each => each.role === 'owner' && !isGroup(each));
  return owners.length === 1 && owners[0]?.principal === entry.principal;
}

/** Whether the user would lose rights with `role` and could not restore them. */
export function isLoss(entry: Collaborator, role: Role, access: SpecAccess): boolean {
  return isMine(entry, access) && !allows(role, entry.role);
}

function isOwner({ me }: SpecAccess): boolean {
  return me.role === 'owner';
}
