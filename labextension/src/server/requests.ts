import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { type Answer, type Ask, NO_ANSWER } from '../protocol';

/** Plain requests to a spec's address, with JupyterLab's login. */
export function requestsTo(settings: ServerConnection.ISettings, specId: string): Ask {
  const base = URLExt.join(settings.baseUrl, 'api/specs', encodeURIComponent(specId));
  return ({ method, path, body, outlivesPage }, answered) => {
    const abort = new AbortController();
    const init: RequestInit = {
      method,
      body,
      signal: abort.signal,
      keepalive: outlivesPage === true
    };
    void answerTo(base + path, init, settings).then(answer => {
      if (!abort.signal.aborted) {
        answered(answer);
      }
    });
    return () => abort.abort();
  };
}

/** A request that fails in any way has no answer. */
async function answerTo(
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
