import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { SpecError } from './error';

export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments of the path below `/api/specs`, not yet escaped. */
  readonly path?: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Whether the request goes on when the page is left; its body has to be short. */
  readonly keepalive?: boolean;
  /** Gives the request up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Sends requests to the REST interface below `/api/specs`. */
export class RestClient {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  /** The `data` of the response. Rejects with {@link SpecError} if the server refuses or can't be reached. */
  async request<T>({
    method,
    path = [],
    query = {},
    body,
    keepalive = false,
    signal
  }: RestRequest): Promise<T> {
    const segments = ['', ...path].map(encodeURIComponent).join('/');
    const url =
      URLExt.join(this.settings.baseUrl, 'api/specs') +
      segments +
      URLExt.objectToQueryString(query);
    const init = {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(keepalive ? { keepalive } : {}),
      ...(signal ? { signal } : {})
    };
    try {
      return await dataOf<T>(await this.fetch(url, init));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  private async fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await ServerConnection.makeRequest(url, init, this.settings);
    } catch (error) {
      if (error instanceof ServerConnection.NetworkError) {
        throw new SpecError(SpecError.UNREACHABLE, error.message);
      }
      throw error;
    }
  }
}

/** The `data` of a response. Rejects with {@link SpecError} if the server refused. */
export async function dataOf<T>(response: Response): Promise<T> {
  const envelope = await readEnvelope(response);
  if (!envelope.success) {
    throw new SpecError(envelope.code, envelope.error, response.status, envelope.details);
  }
  return envelope.data as T;
}

type Envelope =
  | { success: true; data: unknown }
  | { success: false; code: string; error: string; details?: Record<string, unknown> };

async function readEnvelope(response: Response): Promise<Envelope> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === 'object' && body !== null && 'success' in body) {
    return body as Envelope;
  }
  // A proxy answers with a 5xx status while the server behind it is down.
  const code = response.status >= 500 ? SpecError.UNREACHABLE : SpecError.NO_EXTENSION;
  throw new SpecError(code, response.statusText, response.status);
}
