import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { type Answer, type Ask, NO_ANSWER } from '../protocol';

/** Makes the HTTP requests of the polling transport, with JupyterLab's login, to addresses below a spec's. */
export function pollingRequests(settings: ServerConnection.ISettings, specId: string): Ask {
  const base = URLExt.join(settings.baseUrl, 'api/specs', encodeURIComponent(specId));
  return ({ method, path, body, outlivesPage }, answered) => {
    const abort = new AbortController();
    const init: RequestInit = {
      method,
      body,
      signal: abort.signal,
      keepalive: outlivesPage === true
    };
    void fetchAnswer(base + path, init, settings).then(answer => {
      if (!abort.signal.aborted) {
        answered(answer);
      }
    });
    return () => abort.abort();
  };
}

/** Resolves to {@link NO_ANSWER} if the request fails in any way. */
async function fetchAnswer(
  url: string,
  init: RequestInit,
  settings: ServerConnection.ISettings
): Promise<Answer> {
  try {
    const response = await ServerConnection.makeRequest(url, init, settings);
    return { status: response.status, body: await response.text() };
  } catch {
    return NO_ANSWER;
  }
}
