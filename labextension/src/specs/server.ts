import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';

import {
  eitherTransport,
  type OpenTransport,
  Passage,
  pollingTransport,
  Waits,
  webSocketTransport
} from '../protocol';
import { browserEnvironment, SpecConnection } from '../session';
import { SpecsApi } from './api';
import { requestsTo } from './requests';

/** The server that keeps the specs: its REST interface and the page's live connections to it. */
export class SpecServer {
  readonly api: SpecsApi;
  private readonly passage = new Passage();
  private readonly waits = new Waits();

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
    const clock = browserEnvironment;
    const websocket = webSocketTransport(() => this.socketUrl(specId));
    const polling = pollingTransport({
      ask: requestsTo(this.settings, specId),
      clock,
      waits: this.waits,
      onPageHide
    });
    return eitherTransport({ websocket, polling }, this.passage, clock);
  }

  private socketUrl(specId: string): string {
    const { wsUrl, appendToken, token } = this.settings;
    const url = URLExt.join(wsUrl, 'ws/specs', encodeURIComponent(specId));
    return appendToken && token ? `${url}?token=${encodeURIComponent(token)}` : url;
  }
}

function onPageHide(callback: () => void): () => void {
  window.addEventListener('pagehide', callback);
  return () => window.removeEventListener('pagehide', callback);
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
