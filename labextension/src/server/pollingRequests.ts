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
    const answer = (given: Answer) => {
      if (!abort.signal.aborted) {
        answered(given);
      }
    };
    fetchAnswer(base + path, init, settings).then(answer, () => answer(NO_ANSWER));
    return () => abort.abort();
  };
}

async function fetchAnswer(
  url: string,
  init: RequestInit,
  settings: ServerConnection.ISettings
): Promise<Answer> {
  const response = await ServerConnection.makeRequest(url, init, settings);
  return { status: response.status, body: await response.text() };
}
