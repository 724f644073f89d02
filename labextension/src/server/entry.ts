/** What the server says about a spec without its text. */

import type { Role } from '../protocol';

/** Someone who has a spec open. */
export interface PersonThere {
  readonly userId: string;
  readonly userName: string;
  readonly color?: string | null;
}

/** One row of the list of specs; `role` is the reader's own. Times are ISO-8601 UTC. */
export interface SpecEntry {
  readonly specId: string;
  readonly title: string;
  readonly description: string;
  readonly type: string;
  readonly status: string;
  readonly role: string;
  readonly version: number;
  readonly lastModified: string;
  readonly lastModifiedBy: string;
  readonly lastModifiedByName?: string;
  readonly activeUsers: readonly PersonThere[];
}

export interface SpecPage {
  readonly specs: readonly SpecEntry[];
  readonly nextCursor: string | null;
}

/** A spec's text at `version`; `contentHash` is the hex SHA-256 of its UTF-8. */
export interface SpecText {
  readonly specId: string;
  readonly version: number;
  readonly epoch: string;
  readonly content: string;
  readonly contentHash: string;
}

/** What a new spec is made of; a given `specId` makes a repeat of the request safe. */
export interface NewSpec {
  readonly title: string;
  readonly content?: string;
  readonly description?: string;
  readonly type?: string;
  readonly specId?: string;
}

/** Each includes the ones before it. */
export const ROLES: readonly Role[] = ['viewer', 'contributor', 'admin', 'owner'];

/** Whether `role` allows what needs at least `least`. */
export function allows(role: string, least: Role): boolean {
  return ROLES.indexOf(role as Role) >= ROLES.indexOf(least);
}
