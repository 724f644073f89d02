import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

/** Milliseconds for which a busy page puts off what nobody waits for. */
const PATIENCE = 10_000;

/** What is loaded when it is opened first, as far as it is opened often: the likeliest first. */
const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import('./editor/partLanguage'),
  () => import('./specs/parts'),
  () => import('./preview/preview'),
  () => import('./threads/parts'),
  () => import('./history/parts'),
  () => import('./history/authors/parts'),
  () => import('./history/compare/parts'),
  () => import('./specs/dialogs'),
  () => import('./sharing/dialog'),
  () => import('./notebook/chooser'),
  () => import('./rescue/rescueView')
];

/**
 * Loads, once JupyterLab stands and the page has nothing to do, what panels and dialogs consist of: so that none of them
 * waits for the network when it is opened, also where the server is away by then. One after the other, so that nothing
 * else waits for them. What does not come is loaded when it is opened, which tells the user if it fails.
 */
export async function loadBeforehand(parts = PARTS): Promise<void> {
  for (const load of parts) {
    await idle();
    await load().catch(() => undefined);
  }
}

/** Resolves when the page has nothing to do. */
function idle(): Promise<unknown> {
  return new Promise(resolve =>
    // Safari has no idle callbacks.
    'requestIdleCallback' in window
      ? window.requestIdleCallback(resolve, { timeout: PATIENCE })
      : setTimeout(resolve, 0)
  );
}

const beforehand: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:beforehand',
  description: 'Loads panels and dialogs of shared specs while the page has nothing to do.',
  autoStart: true,
  activate: ({ restored }: JupyterFrontEnd) => {
    restored.then(
      () => loadBeforehand(),
      () => undefined
    );
  }
};

export const beforehandPlugins = [beforehand];
