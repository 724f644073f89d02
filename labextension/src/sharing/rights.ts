import type { Role } from '../protocol';
import { allows, ROLES } from '../server/entry';
import { type Collaborator, isGroup, type SpecAccess } from '../server/collaborators';

/** What the reader of an access list may do with one of its entries. The server has the last word. */
export interface Rights {
  /** The roles that the entry may be given; none where it is not theirs to change. */
  readonly choices: readonly Role[];
  readonly mayRemove: boolean;
}

/** Whether the reader may change anything about who may do what. */
export function mayShare({ me }: SpecAccess): boolean {
  return allows(me.role, 'admin');
}

/** The roles that the reader may give to somebody new. */
export function rolesToGive(access: SpecAccess): readonly Role[] {
  return mayShare(access) ? ROLES.filter(role => role !== 'owner' || isOwner(access)) : [];
}

/** Admins share; only owners make and unmake owners, and one of these, in person, stays. */
export function rightsOn(entry: Collaborator, access: SpecAccess): Rights {
  const isTheirs = entry.role !== 'owner' || isOwner(access);
  const isFixed = !mayShare(access) || !isTheirs || isLastOwner(entry, access);
  return {
    choices: isFixed ? [] : rolesToGive(access),
    mayRemove: !isFixed && !isMine(entry, access)
  };
}

/** To whom the reader may hand the spec over, if it is theirs by an entry of their own. */
export function successors(access: SpecAccess): readonly Collaborator[] {
  const { collaborators } = access;
  const others = collaborators.filter(entry => !isGroup(entry) && !isMine(entry, access));
  return ownEntry(access)?.role === 'owner' && isOwner(access) ? others : [];
}

/** Whether the entry is the reader's own. */
export function isMine({ userId }: Collaborator, { me }: SpecAccess): boolean {
  return userId === me.userId;
}

export function ownEntry(access: SpecAccess): Collaborator | undefined {
  return access.collaborators.find(entry => isMine(entry, access));
}

/** Whether a spec that nobody owned in person would be left. */
export function isLastOwner(entry: Collaborator, { collaborators }: SpecAccess): boolean {
  const owners = collaborators.filter(each => each.role === 'owner' && !isGroup(each));
  return owners.length === 1 && owners[0]?.principal === entry.principal;
}

/** Whether `role` would take something from the reader that they could not take back. */
export function isLoss(entry: Collaborator, role: Role, access: SpecAccess): boolean {
  return isMine(entry, access) && ROLES.indexOf(role) < ROLES.indexOf(entry.role);
}

function isOwner({ me }: SpecAccess): boolean {
  return me.role === 'owner';
}
