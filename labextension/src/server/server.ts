import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection, User } from '@jupyterlab/services';

import { type Keeping, OrphanedEdits, Rescues } from '../keeping';
import { browserKeeping } from '../keeping/browser';
import {
  fallbackTransport,
  type OpenTransport,
  pollingTransport,
  SocketReachability,
  LongPollBudget,
  webSocketTransport
} from '../protocol';
import { browserEnvironment } from '../runtime';
import { SpecConnection } from '../session';
import { SpecsApi } from './specsApi';
import { requestsTo } from './requests';

/** The server that keeps the specs: its REST interface and the page's live connections to it. */
export class SpecServer {
  readonly api: SpecsApi;
  readonly rescues: Rescues;
  private readonly keeping: Keeping;
  private readonly reachability = new SocketReachability();
  private readonly longPolls = new LongPollBudget();

  /** `renewed` is for a server whose logins run out before the page does: see {@link HubAccess}. */
  constructor(
    private readonly settings: ServerConnection.ISettings,
    user: User.IManager,
    private readonly renewed: (open: OpenTransport) => OpenTransport = open => open
  ) {
    this.api = new SpecsApi(settings);
    this.keeping = browserKeeping(done => {
      const tell = () => done(user.identity?.username ?? '');
      user.ready.then(tell, tell);
    });
    const server = settings.baseUrl;
    this.rescues = new Rescues(this.keeping.editStorage, server);
    new OrphanedEdits({
      keeping: this.keeping,
      environment: browserEnvironment,
      server,
      userId: () => SpecConnection.userOf(server),
      send: (specId, inheritance, gone) =>
        SpecConnection.adopt({ ...this.optionsFor(specId), inheritance, gone })
    });
  }

  /** The page's connection to a spec, shared by all its views; whoever calls has to release it. */
  connect(specId: string): SpecConnection {
    return SpecConnection.acquire(this.optionsFor(specId));
  }

  private optionsFor(specId: string) {
    const { keeping, settings, rescues } = this;
    return {
      specId,
      server: settings.baseUrl,
      openTransport: this.transportTo(specId),
      keeping,
      rescued: () => rescues.refresh()
    };
  }

  private transportTo(specId: string): OpenTransport {
    const clock = browserEnvironment;
    const websocket = webSocketTransport(() => this.socketUrl(specId));
    const polling = pollingTransport({
      ask: requestsTo(this.settings, specId),
      clock,
      longPolls: this.longPolls,
      onPageHide
    });
    return this.renewed(fallbackTransport({ websocket, polling }, this.reachability, clock));
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
