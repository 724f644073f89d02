import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { CLOSED_BY_NETWORK, type OpenTransport } from '../protocol';

const UNAUTHORIZED = 401;
/** The close code for a token that the service refused. */
const CLOSED_AS_UNAUTHENTICATED = 4401;
/** The status with which a hub answers for a server that it has stopped. */
const STOPPED = 424;

/**
 * The token with which this page logs in to a hub service; renewed when it has expired.
 *
 * The token may expire while the page is open. The user's own server always has a fresh one, since the browser
 * renews its login there.
 */
export class HubToken {
  /** Settings for requests to the service; they always hold the current token. */
  readonly settings: ServerConnection.ISettings;
  private token: string;
  private renewal: Promise<boolean> | null = null;

  /** `own` are the settings for the user's own server, `address` is that of the service. */
  constructor(
    private readonly own: ServerConnection.ISettings,
    address: string
  ) {
    this.token = own.token;
    const baseUrl = new URL(address, window.location.href).href;
    const made = ServerConnection.makeSettings({
      ...own,
      baseUrl,
      wsUrl: baseUrl.replace(/^http/, 'ws'),
      appendToken: true,
      fetch: (request: RequestInfo) => this.fetch(request as Request)
    });
    const current = { get: () => this.token, enumerable: true };
    this.settings = Object.create(made, { token: current }) as ServerConnection.ISettings;
  }

  /**
   * Renews the token when the service closes a connection because of it.
   *
   * If another try may succeed then, the connection ends with the code of a failed network, so that its user
   * reconnects.
   */
  renewing(open: OpenTransport): OpenTransport {
    return listener =>
      open({
        opened: () => listener.opened(),
        received: events => listener.received(events),
        closed: (code, reason) => {
          if (code !== CLOSED_AS_UNAUTHENTICATED) {
            listener.closed(code, reason);
            return;
          }
          this.renew().then(
            mayRetry => listener.closed(mayRetry ? CLOSED_BY_NETWORK : code, reason),
            () => listener.closed(code, reason)
          );
        }
      });
  }

  /** Repeats a request once if the service refused its token and a fresh one is available. */
  private async fetch(request: Request): Promise<Response> {
    const copy = request.clone();
    const response = await this.own.fetch.call(null, request);
    const before = this.token;
    if (response.status !== UNAUTHORIZED || !(await this.renew()) || this.token === before) {
      return response;
    }
    copy.headers.set('Authorization', `token ${this.token}`);
    return this.own.fetch.call(null, copy);
  }

  /**
   * Asks for a fresh token, once for all callers that wait at the same time.
   *
   * Resolves to whether another try may succeed: there is a fresh token, or the failure may be temporary.
   */
  private renew(): Promise<boolean> {
    this.renewal ??= this.requestToken().finally(() => (this.renewal = null));
    return this.renewal;
  }

  private async requestToken(): Promise<boolean> {
    const url = URLExt.join(this.own.baseUrl, 'api/speccollab');
    try {
      // Authenticated by the browser's cookie, which the hub keeps fresh, and not by the expired token.
      const response = await ServerConnection.makeRequest(url, {}, { ...this.own, token: '' });
      if (!response.ok) {
        return response.status >= 500 || response.status === STOPPED;
      }
      const { token } = (await response.json()) as { token: string };
      const isFresh = token !== '' && token !== this.token;
      this.token = token || this.token;
      return isFresh;
    } catch {
      return true;
    }
  }
}
