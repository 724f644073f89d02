import type { Role } from './messages';

/** Whether a role allows to comment and to suggest. */
export function mayComment(role: Role | null): boolean {
  return role !== null && role !== 'viewer';
}

/** Whether a role allows to edit the text; without a role nobody does. */
export function mayEdit(role: Role | null): boolean {
  return role !== null && role !== 'viewer' && role !== 'commenter';
}
