import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';

import { type OpenTransport, webSocketTransport } from '../protocol';
import { SpecConnection } from '../session';
import { SpecsApi } from './api';

/** The server that keeps the specs: its REST interface and the page's live connections to it. */
export class SpecServer {
  readonly api: SpecsApi;
  private readonly openTransport = new Map<string, OpenTransport>();

  constructor(private readonly settings: ServerConnection.ISettings) {
    this.api = new SpecsApi(settings);
  }

  /** The page's connection to a spec, shared by all its views; whoever calls has to release it. */
  connect(specId: string): SpecConnection {
    return SpecConnection.acquire({
      specId,
      server: this.settings.baseUrl,
      openTransport: this.transportTo(specId)
    });
  }

  private transportTo(specId: string): OpenTransport {
    const known =
      this.openTransport.get(specId) ?? webSocketTransport(() => this.socketUrl(specId));
    this.openTransport.set(specId, known);
    return known;
  }

  private socketUrl(specId: string): string {
    const { wsUrl, appendToken, token } = this.settings;
    const url = URLExt.join(wsUrl, 'ws/specs', encodeURIComponent(specId));
    return appendToken && token ? `${url}?token=${encodeURIComponent(token)}` : url;
  }
}

/** The address that opens a spec in JupyterLab; on a hub it leads each reader to their own server. */
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
