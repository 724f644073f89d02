import type { TranslationBundle } from '@jupyterlab/translation';

import type { Role } from '../protocol';
import { SpecError } from '../server/error';
import { sentenceOf } from '../specs/empty';
import type { Deed } from './sharing';

/** What somebody with a role can do, behind their name. */
export function roleWords(role: Role, trans: TranslationBundle): string {
  switch (role) {
    case 'viewer':
      return trans.__('can view');
    case 'contributor':
      return trans.__('can edit');
    case 'admin':
      return trans.__('can edit and share');
    case 'owner':
      return trans.__('owner');
  }
}

/** The same of the reader, as a sentence. */
export function ownRoleSentence(role: Role, trans: TranslationBundle): string {
  switch (role) {
    case 'viewer':
      return trans.__('You can view this spec.');
    case 'contributor':
      return trans.__('You can edit this spec.');
    case 'admin':
      return trans.__('You can edit this spec and share it.');
    case 'owner':
      return trans.__('You own this spec.');
  }
}

/** What a role allows, in full. */
export function allowance(role: Role, trans: TranslationBundle): string {
  switch (role) {
    case 'viewer':
      return trans.__(
        'Sees the text, its history and everybody’s edits as they come; changes nothing.'
      );
    case 'contributor':
      return trans.__('Writes along, labels versions and renames the spec.');
    case 'admin':
      return trans.__('Also shares the spec, changes roles, and restores earlier versions.');
    case 'owner':
      return trans.__('Also deletes the spec, and makes others owners.');
  }
}

/** What holds for those who are not in the list. */
export function defaultRoleSentence(role: Role | 'none', trans: TranslationBundle): string {
  switch (role) {
    case 'none':
      return trans.__('Nobody else can see this spec.');
    case 'viewer':
      return trans.__('Everybody else who can log in can view it.');
    case 'contributor':
      return trans.__('Everybody else who can log in can edit it.');
    case 'admin':
      return trans.__('Everybody else who can log in can edit and share it.');
    case 'owner':
      return trans.__('Everybody else who can log in can do everything here, as its owners can.');
  }
}

/** What becomes of somebody whose entry goes. */
export function afterRemoval(role: Role | 'none', trans: TranslationBundle): string {
  return role === 'none'
    ? trans.__('They lose access at once, but for what a group of theirs has here.')
    : trans.__('They then have what everybody has who can log in: %1.', roleWords(role, trans));
}

/** What becomes of a reader who leaves. */
export function afterLeaving(role: Role | 'none', trans: TranslationBundle): string {
  return role === 'none'
    ? trans.__('You lose access at once; somebody has to share it with you to let you in again.')
    : trans.__('You then have what everybody has who can log in: %1.', roleWords(role, trans));
}

/** What was done, for whoever did it. */
export function deedSentence(deed: Deed, trans: TranslationBundle): string {
  switch (deed.kind) {
    case 'given':
      return deed.role === 'owner'
        ? trans.__('%1 is an owner now.', deed.name)
        : trans.__('%1 %2 now.', deed.name, roleWords(deed.role, trans));
    case 'removed':
      return trans.__('%1 was removed.', deed.name);
    case 'handedOver':
      return trans.__('%1 owns this spec now; you can still edit and share it.', deed.name);
    case 'left':
      return trans.__('You left this spec.');
  }
}

/** Why something was not done, with what to do next. */
export function troubleSentence(error: SpecError, trans: TranslationBundle): string {
  switch (error.code) {
    case SpecError.UNREACHABLE:
      return trans.__('The server can’t be reached. Check the network, then try again.');
    case 'SPEC_NOT_FOUND':
      return trans.__(
        'This spec was deleted, or is not shared with you any more. Close this window; ask an owner of it if you need it.'
      );
    default:
      return sentenceOf(error, trans);
  }
}
