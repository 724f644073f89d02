import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { threadFailure } from './words';

/** Milliseconds for which a notification about a failure stays. */
export const FAILURE_SHOWN = 10_000;

/** Waits for what the user asked for; `false` where it was not done, of which they are told why and how to go on. */
export async function attempted(
  work: Promise<unknown>,
  failed: string,
  trans: TranslationBundle
): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    Notification.error(threadFailure(error, failed, trans), { autoClose: FAILURE_SHOWN });
    return false;
  }
}

/** For texts that the user sends: what the server refuses stays beside its thread, with the reason. */
export function sent(work: Promise<unknown>): void {
  work.catch(() => undefined);
}
