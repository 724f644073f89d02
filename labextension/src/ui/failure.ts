import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { asSpecError, SpecError } from '../server/error';
import { errorSentence } from './errorSentence';

/** Milliseconds for which a notification about a failure stays. */
const SHOWN_FOR = 8000;

/** Does what the user asked for. If it fails, they are told why, and the result is `null`. */
export async function told<T>(
  run: () => Promise<T> | T,
  failed: string,
  trans: TranslationBundle
): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    tell(error, failed, trans);
    return null;
  }
}

/**
 * Lets something go on that the user asked for and nobody waits for. If it fails, they are told why.
 *
 * ESLint refuses a promise with neither `await` nor a handler, also behind `void`.
 */
export function unawaited(work: Promise<unknown>, failed: string, trans: TranslationBundle): void {
  work.catch((error: unknown) => tell(error, failed, trans));
}

/** Lets something go on that nobody asked for. If it fails, only the browser's console tells. */
export function inBackground(work: Promise<unknown> | undefined): void {
  work?.catch(logged);
}

/** For work that nobody waits for. That the server can't be reached is told by the notice on the spec. */
export function logged(error: unknown): void {
  const isAway = error instanceof SpecError && error.code === SpecError.UNREACHABLE;
  if (!isAway) {
    console.error(error);
  }
}

/** Tells the user in a notification what failed, and what to do; `failed` as in {@link errorSentence}. */
function tell(error: unknown, failed: string, trans: TranslationBundle): void {
  Notification.error(errorSentence(asSpecError(error), failed, trans), { autoClose: SHOWN_FOR });
}
