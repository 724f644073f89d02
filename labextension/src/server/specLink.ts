import { PageConfig } from '@jupyterlab/coreutils';

/** The URL that opens a spec in JupyterLab; on a hub it leads every reader to their own server. */
export function linkTo(specId: string): string {
  const page = PageConfig.getUrl({
    mode: 'multiple-document',
    workspace: PageConfig.defaultWorkspace,
    toShare: true
  });
  const url = new URL(page, window.location.href);
  url.search = new URLSearchParams({ spec: specId }).toString();
  return url.href;
}
