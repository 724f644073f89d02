import type { TranslationBundle } from '@jupyterlab/translation';

import { SpecError } from '../server/error';
import { serviceAddress } from '../server/serviceAddress';

/**
 * An error of the server as a sentence for the user, with what to do about it.
 *
 * `failed` is a sentence that names what failed, for errors that nobody foresaw. The others explain themselves.
 */
export function errorSentence(error: SpecError, failed: string, trans: TranslationBundle): string {
  switch (error.code) {
    case SpecError.UNREACHABLE:
      return trans.__('The server can’t be reached. Check the network, then try again.');
    case SpecError.NO_EXTENSION:
      if (serviceAddress() !== null) {
        return trans.__(
          'This hub has no service for shared specs. Its admin finds how to add it in the guide of jupyter_speccollab, “On JupyterHub”.'
        );
      }
      return trans.__(
        'The server has no specs: its extension “jupyter_speccollab” is not enabled. Run “jupyter server extension list” there.'
      );
    case SpecError.NOT_LOADED:
      return trans.__(
        '%1 A part of the page did not load. Check the network, then try again. If that does not help, the server has a new version: reload the page.',
        failed
      );
    case SpecError.UNREADABLE:
      return trans.__('The file can’t be read. Jupyter says: %1', error.message);
    case SpecError.UNEXPECTED:
      return trans.__(
        '%1 The reason is not one of the known ones: %2. Reload the page, then try again.',
        failed,
        error.message.replace(/\.$/, '')
      );
    case 'UNAUTHENTICATED':
    case 'TOKEN_EXPIRED':
      return trans.__('Your login has expired. Log in again in another tab, then try again.');
    default:
      return error.message;
  }
}
