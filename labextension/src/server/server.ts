import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection, User } from '@jupyterlab/services';

import { type Claims, type Keeping, OrphanedEdits, Rescues } from '../keeping';
import { browserKeeping } from '../keeping/browser';
import {
  fallbackTransport,
  type OpenTransport,
  LongPollBudget,
  pollingTransport,
  SocketReachability,
  type SpecNews,
  webSocketTransport
} from '../protocol';
import { browserEnvironment } from '../runtime';
import { SpecConnection } from '../session';
import { AttachmentAddresses } from './attachments';
import { CollaboratorsApi } from './collaborators';
import { OperationsApi } from './operations';
import { PictureUploads } from './pictureUploads';
import { pollingRequests } from './pollingRequests';
import { ReadMarksApi } from './readMarks';
import { RestClient } from './rest';
import { EntryNews } from './entryNews';
import { HistoryApi } from './history';
import { MentionCounts } from './mentionCounts';
import { SpecsApi } from './specs';
import { ThreadsApi } from './threads';

/** The server that stores the specs: its REST interface and this page's live connections to it. */
export class SpecServer {
  readonly specs: SpecsApi;
  readonly collaborators: CollaboratorsApi;
  readonly history: HistoryApi;
  readonly operations: OperationsApi;
  readonly readMarks: ReadMarksApi;
  readonly threads: ThreadsApi;
  readonly rescues: Rescues;
  readonly news: EntryNews;
  readonly mentions = new MentionCounts();
  readonly attachments: AttachmentAddresses;
  readonly pictureUploads: PictureUploads;
  private readonly keeping: Keeping;
  private readonly reachability = new SocketReachability();
  private readonly longPolls = new LongPollBudget();
  private readonly orphanedEdits: OrphanedEdits;

  /** `renewing` adds the renewal of a login that expires while the page is open: see {@link HubToken}. */
  constructor(
    private readonly settings: ServerConnection.ISettings,
    user: User.IManager,
    private readonly renewing: (open: OpenTransport) => OpenTransport = open => open
  ) {
    const rest = new RestClient(settings);
    this.specs = new SpecsApi(rest);
    this.news = new EntryNews(this.specs);
    this.attachments = new AttachmentAddresses(settings);
    this.pictureUploads = new PictureUploads(settings);
    this.collaborators = new CollaboratorsApi(rest);
    this.history = new HistoryApi(rest);
    this.operations = new OperationsApi(rest);
    this.readMarks = new ReadMarksApi(rest);
    this.threads = new ThreadsApi(rest);
    this.keeping = browserKeeping(done => {
      const tell = () => done(user.identity?.username ?? '');
      user.ready.then(tell, tell);
    });
    const server = settings.baseUrl;
    this.rescues = new Rescues(this.keeping.editStorage, server);
    this.orphanedEdits = new OrphanedEdits({
      keeping: this.keeping,
      environment: browserEnvironment,
      server,
      userId: () => SpecConnection.userOf(server),
      isJoined: specId => SpecConnection.isJoined(server, specId),
      isReachable: () => SpecConnection.isReachable,
      send: (specId, inheritance, gone) =>
        SpecConnection.adopt({ ...this.optionsFor(specId), inheritance, gone })
    });
  }

  /** The server's address. */
  get address(): string {
    return this.settings.baseUrl;
  }

  /** Which page of the browser sends what was kept in it. */
  get claims(): Claims {
    return this.keeping.claims;
  }

  /** The id of this page's user; `null` until a spec was joined. */
  get me(): string | null {
    return SpecConnection.userOf(this.settings.baseUrl);
  }

  /** This page's connection to a spec, shared by all its views. The caller has to release it. */
  connect(specId: string): SpecConnection {
    const options = this.optionsFor(specId);
    const joined = () => {
      options.joined();
      this.orphanedEdits.joined(specId);
    };
    return SpecConnection.acquire({ ...options, joined });
  }

  private optionsFor(specId: string) {
    const { keeping, settings, rescues, news } = this;
    return {
      specId,
      server: settings.baseUrl,
      openTransport: this.transportTo(specId),
      keeping,
      rescued: () => rescues.refresh(),
      joined: () => news.joined(specId),
      specChanged: (change: SpecNews) => news.heard(specId, change)
    };
  }

  private transportTo(specId: string): OpenTransport {
    const clock = browserEnvironment;
    const websocket = webSocketTransport(() => this.socketUrl(specId));
    const polling = pollingTransport({
      ask: pollingRequests(this.settings, specId),
      clock,
      longPolls: this.longPolls,
      onPageHide
    });
    return this.renewing(fallbackTransport({ websocket, polling }, this.reachability, clock));
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
