import { PageConfig } from '@jupyterlab/coreutils';

/** The parameters of an address that name a spec, and a comment or suggestion in it. */
export const [SPEC, THREAD] = ['spec', 'thread'];

/**
 * The URL that opens a spec in JupyterLab, at one of its threads where one is given; on a hub it leads every reader to
 * their own server.
 */
export function linkTo(specId: string, threadId: string | null = null): string {
  const page = PageConfig.getUrl({
    mode: 'multiple-document',
    workspace: PageConfig.defaultWorkspace,
    toShare: true
  });
  const url = new URL(page, window.location.href);
  url.search = new URLSearchParams({
    [SPEC]: specId,
    ...(threadId ? { [THREAD]: threadId } : {})
  }).toString();
  return url.href;
}
