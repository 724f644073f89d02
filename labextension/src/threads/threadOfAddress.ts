import type { SpecThreads } from './specThreads';

/** Milliseconds for which a spec that was just opened is waited for. */
const PATIENCE = 30_000;

/** Whether a spec that was just opened has a thread, open or closed; it is known afterwards. */
export async function hasThread(threads: SpecThreads, threadId: string): Promise<boolean> {
  await ready(threads);
  return threads.find(threadId) !== null || (await threads.load(threadId)) !== null;
}

/** Resolves when the open threads are known, or will not be soon. */
function ready(threads: SpecThreads): Promise<void> {
  return new Promise(resolve => {
    const look = () => {
      if (threads.isReady || threads.error) {
        done();
      }
    };
    const stop = threads.changed.add(look);
    const timer = window.setTimeout(() => done(), PATIENCE);
    const done = () => {
      stop();
      window.clearTimeout(timer);
      resolve();
    };
    look();
  });
}
