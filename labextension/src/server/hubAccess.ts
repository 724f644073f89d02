import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { CLOSED_BY_NETWORK, type OpenTransport } from '../protocol';

const UNAUTHORIZED = 401;
const CLOSED_AS_STRANGER = 4401;
/** What a hub answers for a server that it has stopped. */
const STOPPED = 424;

/**
 * The way to a hub's service: with the token by which the hub lets this page into its user's own server.
 *
 * The token may run out before the page is closed. The user's own server, which the browser goes on logging in
 * to, then has a fresh one.
 */
export class HubAccess {
  /** Settings for requests to the service; their token is always the present one. */
  readonly settings: ServerConnection.ISettings;
  private token: string;
  private renewing: Promise<boolean> | null = null;

  /** `service` is the address of the service, absolute or from the root of the page's host. */
  constructor(
    private readonly own: ServerConnection.ISettings,
    service: string
  ) {
    this.token = own.token;
    const baseUrl = new URL(service, window.location.href).href;
    const made = ServerConnection.makeSettings({
      ...own,
      baseUrl,
      wsUrl: baseUrl.replace(/^http/, 'ws'),
      appendToken: true,
      fetch: (request: RequestInfo) => this.fetch(request as Request)
    });
    const present = { get: () => this.token, enumerable: true };
    this.settings = Object.create(made, { token: present }) as ServerConnection.ISettings;
  }

  /** Ends a connection that the service refused for its token as a failed network does, where another try is worth it. */
  renewed(open: OpenTransport): OpenTransport {
    return listener =>
      open({
        opened: () => listener.opened(),
        received: events => listener.received(events),
        closed: (code, reason) => {
          if (code !== CLOSED_AS_STRANGER) {
            listener.closed(code, reason);
            return;
          }
          void this.renew().then(isWorthIt =>
            listener.closed(isWorthIt ? CLOSED_BY_NETWORK : code, reason)
          );
        }
      });
  }

  private async fetch(request: Request): Promise<Response> {
    const again = request.clone();
    const response = await this.own.fetch.call(null, request);
    const before = this.token;
    if (response.status !== UNAUTHORIZED || !(await this.renew()) || this.token === before) {
      return response;
    }
    again.headers.set('Authorization', `token ${this.token}`);
    return this.own.fetch.call(null, again);
  }

  /** Whether there is a fresh token, or one can't be had just now; asked at once by several, it is asked for once. */
  private renew(): Promise<boolean> {
    this.renewing ??= this.ask().finally(() => (this.renewing = null));
    return this.renewing;
  }

  private async ask(): Promise<boolean> {
    const url = URLExt.join(this.own.baseUrl, 'api/speccollab');
    try {
      // Without a token: the browser's cookie is what the hub keeps fresh.
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
