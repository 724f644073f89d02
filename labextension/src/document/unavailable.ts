import type { TranslationBundle } from '@jupyterlab/translation';

import type { ConnectionState } from '../session';

/**
 * Why a spec can't be shown.
 *
 * - `deleted`: it was deleted while it was open.
 * - `revoked`: the user lost their role while it was open.
 * - `missing`: it does not exist or is not shared with the user; the server does not say which.
 * - `barred`: the server lets this user open no specs at all, and its message says why.
 */
export type UnavailableReason = 'deleted' | 'revoked' | 'missing' | 'barred';

/** `null` while the spec is available, and if the connection ended for a reason other than these. */
export function unavailableReason({
  status,
  error,
  role,
  limits
}: ConnectionState): UnavailableReason | null {
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
      return role === null ? 'revoked' : null;
    default:
      return null;
  }
}

/** What happened, as a heading. */
export function unavailableTitle(reason: UnavailableReason, trans: TranslationBundle): string {
  switch (reason) {
    case 'deleted':
      return trans.__('This spec was deleted');
    case 'revoked':
      return trans.__('This spec is not shared with you any more');
    case 'missing':
      return trans.__('Not found, or not shared with you');
    case 'barred':
      return trans.__('Shared specs can’t be opened here');
  }
}

/** What the advice depends on besides the reason. */
export interface Circumstances {
  /** The user's login name, which others need in order to share the spec; `null` if it isn't known. */
  readonly login: string | null;
  /** Shown if the user is barred. */
  readonly whyBarred: string;
  /** Whether a button restores the spec. */
  readonly canRestore: boolean;
}

/** What the user can do. */
export function unavailableAdvice(
  reason: UnavailableReason,
  { login, whyBarred, canRestore }: Circumstances,
  trans: TranslationBundle
): string {
  switch (reason) {
    case 'deleted':
      return canRestore
        ? trans.__(
            'It was deleted for everybody. You can restore it as long as it is in the trash, here or from the Specs sidebar.'
          )
        : trans.__(
            'One of its owners deleted it, for everybody. As long as it is in the trash, an owner can restore it: Trash, in the Specs sidebar.'
          );
    case 'revoked':
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
      return whyBarred;
  }
}

/** Introduces the last known text of the spec. */
export function lastTextSentence(hasUnsavedEdits: boolean, trans: TranslationBundle): string {
  return hasUnsavedEdits
    ? trans.__('Your last edits were not saved. They are in this text: keep it, if you need them.')
    : trans.__('This is its text, as you saw it last.');
}
