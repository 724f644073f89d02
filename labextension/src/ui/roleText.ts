import type { TranslationBundle } from '@jupyterlab/translation';

import { mayEdit, type Role } from '../protocol';

/** A role in a few words, shown behind a name. */
export function roleText(role: Role, trans: TranslationBundle): string {
  switch (role) {
    case 'viewer':
      return trans.__('can view');
    case 'commenter':
      return trans.__('can comment');
    case 'contributor':
      return trans.__('can edit');
    case 'admin':
      return trans.__('can edit and share');
    case 'owner':
      return trans.__('owner');
  }
}

/** The user's own role as a sentence. */
export function ownRoleSentence(role: Role, trans: TranslationBundle): string {
  switch (role) {
    case 'viewer':
      return trans.__('You can view this spec.');
    case 'commenter':
      return trans.__('You can view this spec, comment on it and suggest changes.');
    case 'contributor':
      return trans.__('You can edit this spec.');
    case 'admin':
      return trans.__('You can edit this spec and share it.');
    case 'owner':
      return trans.__('You own this spec.');
  }
}

/** The user's new role in sentences, with what they can do about it. */
export function newRoleSentences(role: Role, trans: TranslationBundle): string {
  const own = ownRoleSentence(role, trans);
  return mayEdit(role) ? own : `${own} ${askToEdit(trans)}`;
}

/** What a user who may only view can do about it. */
export function askToEdit(trans: TranslationBundle): string {
  return trans.__('Ask an owner of this spec if you need to edit it.');
}

/** Everything that a role allows. */
export function roleDescription(role: Role, trans: TranslationBundle): string {
  switch (role) {
    case 'viewer':
      return trans.__(
        'Sees the text, its history and everybody’s edits as they come; changes nothing.'
      );
    case 'commenter':
      return trans.__(
        'Sees what a viewer sees, comments and suggests changes; does not change the text.'
      );
    case 'contributor':
      return trans.__(
        'Writes along, accepts what others suggest, labels versions and renames the spec.'
      );
    case 'admin':
      return trans.__('Also shares the spec, changes roles, and restores earlier versions.');
    case 'owner':
      return trans.__('Also deletes the spec, and makes others owners.');
  }
}
