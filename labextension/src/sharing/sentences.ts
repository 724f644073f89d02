import type { TranslationBundle } from '@jupyterlab/translation';

import type { Role } from '../protocol';
import type { SpecError } from '../server/error';
import { errorSentence } from '../ui/errorSentence';
import { roleText } from '../ui/roleText';
import type { Change } from './sharing';

/** What users without an entry in the list can do. */
export function defaultRoleSentence(role: Role | 'none', trans: TranslationBundle): string {
  switch (role) {
    case 'none':
      return trans.__('Nobody else can see this spec.');
    case 'viewer':
      return trans.__('Everybody else who can log in can view it.');
    case 'commenter':
      return trans.__('Everybody else who can log in can view it, comment and suggest changes.');
    case 'contributor':
      return trans.__('Everybody else who can log in can edit it.');
    case 'admin':
      return trans.__('Everybody else who can log in can edit and share it.');
    case 'owner':
      return trans.__('Everybody else who can log in can do everything here, as its owners can.');
  }
}

/** What somebody can still do after their entry was removed. */
export function afterRemoval(role: Role | 'none', trans: TranslationBundle): string {
  return role === 'none'
    ? trans.__('They lose access at once, but for what a group of theirs has here.')
    : trans.__('They then have what everybody has who can log in: %1.', roleText(role, trans));
}

/** What the user can still do after leaving the spec. */
export function afterLeaving(role: Role | 'none', trans: TranslationBundle): string {
  return role === 'none'
    ? trans.__('You lose access at once; somebody has to share it with you to let you in again.')
    : trans.__('You then have what everybody has who can log in: %1.', roleText(role, trans));
}

/** Confirms a change to the user who made it. */
export function changeSentence(deed: Change, trans: TranslationBundle): string {
  switch (deed.kind) {
    case 'given': {
      const given =
        deed.role === 'owner'
          ? trans.__('%1 is an owner now.', deed.name)
          : trans.__('%1 %2 now.', deed.name, roleText(deed.role, trans));
      return deed.hint ? `${given} ${deed.hint.message}` : given;
    }
    case 'removed':
      return trans.__('%1 was removed.', deed.name);
    case 'handedOver':
      return trans.__('%1 owns this spec now; you can still edit and share it.', deed.name);
    case 'left':
      return trans.__('You left this spec.');
  }
}

/** Why a change failed, and what the user can do. */
export function failureSentence(error: SpecError, trans: TranslationBundle): string {
  switch (error.code) {
    case 'SPEC_NOT_FOUND':
      return trans.__(
        'This spec was deleted, or is not shared with you any more. Close this window; ask an owner of it if you need it.'
      );
    default:
      return errorSentence(error, trans.__('The change was not made.'), trans);
  }
}
