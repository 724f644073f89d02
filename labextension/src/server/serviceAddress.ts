import { PageConfig } from '@jupyterlab/coreutils';

/**
 * The address of the hub service that stores the specs, absolute or relative to the page's host.
 *
 * `null` without a hub service: the user's own Jupyter server then stores them.
 */
export function serviceAddress(): string | null {
  return PageConfig.getOption('speccollabUrl') || null;
}
