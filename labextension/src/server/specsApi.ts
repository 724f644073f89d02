import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { Role } from '../protocol';
import type { Collaborator, SpecAccess } from './collaborators';
import { SpecError } from './error';
import type { NewSpec, SpecEntry, SpecPage, SpecText } from './entry';

export interface ListQuery {
  readonly q?: string;
  readonly cursor?: string;
  /** Entries a page, at most 200. */
  readonly limit?: number;
}

/** The REST interface of one server. Every call rejects with {@link SpecError}. */
export class SpecsApi {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  list(query: ListQuery = {}): Promise<SpecPage> {
    const { q, cursor, limit } = query;
    const parameters = {
      ...(q ? { q } : {}),
      ...(cursor ? { cursor } : {}),
      ...(limit ? { limit: String(limit) } : {})
    };
    return this.request('GET', URLExt.objectToQueryString(parameters));
  }

  create(spec: NewSpec): Promise<SpecEntry> {
    return this.request('POST', '', spec);
  }

  get(specId: string): Promise<SpecEntry> {
    return this.request('GET', at(specId));
  }

  update(
    specId: string,
    changes: Partial<Pick<SpecEntry, 'title' | 'description'>>
  ): Promise<SpecEntry> {
    return this.request('PATCH', at(specId), changes);
  }

  async delete(specId: string): Promise<void> {
    await this.request('DELETE', at(specId));
  }

  document(specId: string): Promise<SpecText> {
    return this.request('GET', at(specId, 'document'));
  }

  access(specId: string): Promise<SpecAccess> {
    return this.request('GET', at(specId, 'collaborators'));
  }

  /** Gives a role to whom `principal` names, in place of the one that they had. */
  give(specId: string, principal: string, role: Role): Promise<Collaborator> {
    return this.request('PUT', at(specId, 'collaborators', principal), { role });
  }

  /** Takes an entry away, also one's own. */
  async withdraw(specId: string, principal: string): Promise<void> {
    await this.request('DELETE', at(specId, 'collaborators', principal));
  }

  /** `tail` follows `/api/specs`. */
  private async request<T>(method: string, tail: string, body?: object): Promise<T> {
    const url = URLExt.join(this.settings.baseUrl, 'api/specs') + tail;
    const init = { method, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await this.reach(url, init);
    const envelope = await readEnvelope(response);
    if (!envelope.success) {
      throw new SpecError(envelope.code, envelope.error, response.status, envelope.details);
    }
    return envelope.data as T;
  }

  private async reach(url: string, init: RequestInit): Promise<Response> {
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

type Envelope =
  | { success: true; data: unknown }
  | { success: false; code: string; error: string; details?: Record<string, unknown> };

async function readEnvelope(response: Response): Promise<Envelope> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === 'object' && body !== null && 'success' in body) {
    return body as Envelope;
  }
  // A proxy speaks for a server that is away just now.
  const code = response.status >= 500 ? SpecError.UNREACHABLE : SpecError.NO_EXTENSION;
  throw new SpecError(code, response.statusText, response.status);
}

function at(specId: string, ...rest: string[]): string {
  return ['', specId, ...rest].map(encodeURIComponent).join('/');
}
