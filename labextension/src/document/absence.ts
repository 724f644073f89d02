import type { TranslationBundle } from '@jupyterlab/translation';

import type { ConnectionState } from '../session';

/**
 * Why there is no spec to be shown: it was `deleted` or `taken` away while it was open, or could not be had
 * (`missing`): then nobody says whether it exists. `barred`: the reader may open none at all, and the server said why.
 */
export type Absence = 'deleted' | 'taken' | 'missing' | 'barred';

/** `null` while there is a spec, and where it ended for a reason that is not about the spec. */
export function absenceOf({ status, error, role, limits }: ConnectionState): Absence | null {
  if (status !== 'ended') {
    return null;
  }
  switch (error?.code) {
    case 'SPEC_DELETED':
      return 'deleted';
    case 'SPEC_NOT_FOUND':
      return 'missing';
    case 'FORBIDDEN':
      if (limits === null) {
        return 'barred';
      }
      return role === null ? 'taken' : null;
    default:
      return null;
  }
}

/** What happened, as the heading has it. */
export function absenceTitle(absence: Absence, trans: TranslationBundle): string {
  switch (absence) {
    case 'deleted':
      return trans.__('This spec was deleted');
    case 'taken':
      return trans.__('This spec is not shared with you any more');
    case 'missing':
      return trans.__('Not found, or not shared with you');
    case 'barred':
      return trans.__('Shared specs can’t be opened here');
  }
}

/**
 * What that means, and what to do; `login` is what others have to know to share it with the reader, `said` what the
 * server said.
 */
export function absenceAdvice(
  absence: Absence,
  login: string | null,
  said: string,
  trans: TranslationBundle
): string {
  switch (absence) {
    case 'deleted':
      return trans.__('One of its owners deleted it, with its whole history, for everybody.');
    case 'taken':
      return trans.__(
        'Somebody who shares it took your role away. Ask an owner of it if you need it.'
      );
    case 'missing':
      return login
        ? trans.__(
            'There is no such spec, or you may not see it. Ask whoever gave you the link to share it with you; your login name here is “%1”.',
            login
          )
        : trans.__(
            'There is no such spec, or you may not see it. Ask whoever gave you the link to share it with you.'
          );
    case 'barred':
      return said;
  }
}

/** What the text is that stays to be read. */
export function keptSentence(hasEdits: boolean, trans: TranslationBundle): string {
  return hasEdits
    ? trans.__('Your last edits were not saved. They are in this text: keep it, if you need them.')
    : trans.__('This is its text, as you saw it last.');
}
