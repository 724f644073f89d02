import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { asSpecError } from '../server/error';
import { errorSentence } from './errorSentence';

/** Milliseconds for which a notification about a failure stays. */
const SHOWN_FOR = 8000;

/** Tells the user in a notification what failed, and what to do. */
export function tellFailure(error: unknown, trans: TranslationBundle): void {
  Notification.error(errorSentence(asSpecError(error), trans), { autoClose: SHOWN_FOR });
}

/** Does what the user asked for. If it fails, they are told why, and the result is `null`. */
export async function told<T>(
  run: () => Promise<T> | T,
  trans: TranslationBundle
): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    tellFailure(error, trans);
    return null;
  }
}

/**
 * Lets something go on that nobody waits for. If it fails, the user is told.
 *
 * ESLint refuses a promise with neither `await` nor a handler, also behind `void`.
 */
export function unawaited(work: Promise<unknown> | undefined, trans: TranslationBundle): void {
  work?.catch((error: unknown) => tellFailure(error, trans));
}
