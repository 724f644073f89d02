import type { ActiveUser } from '../protocol';
import type { RestClient } from './rest';

/** A spec as the list shows it, without its text. Times are ISO-8601 UTC. */
export interface SpecEntry {
  readonly specId: string;
  readonly title: string;
  readonly description: string;
  readonly type: string;
  readonly status: string;
  /** The role of the user who asks. */
  readonly role: string;
  readonly version: number;
  readonly lastModified: string;
  readonly lastModifiedBy: string;
  readonly lastModifiedByName?: string;
  readonly activeUsers: readonly ActiveUser[];
  /** Up to which version the user has read it; `null` if they never did. */
  readonly readVersion?: number | null;
  /** How many versions by others there are since, of the newest thousand. */
  readonly unread?: number;
  /** How many comments and suggestions are open, and how many of them mention the user, who has not answered since. */
  readonly openThreads?: number;
  readonly mentions?: number;
  /** Only of specs in the trash: when and by whom they were deleted, and when they are deleted for good. */
  readonly deletedAt?: string;
  readonly deletedByName?: string;
  readonly endsAt?: string;
  /** Only in the answer to a search: a line of the text around a hit, and the code point where that is. */
  readonly snippet?: { readonly text: string; readonly position: number };
}

export type SpecSort = 'changed' | 'title' | 'status';

/** How many specs have each status, and each type; the most frequent ones first. */
export interface Facets {
  readonly status: Readonly<Record<string, number>>;
  readonly type: Readonly<Record<string, number>>;
}

export interface SpecPage {
  readonly specs: readonly SpecEntry[];
  /** The `cursor` of the next page; `null` on the last one. */
  readonly nextCursor: string | null;
  /** For how many days a deleted spec stays in the trash; 0 or missing where the server keeps no trash. */
  readonly trashDays?: number;
  /** Where it was asked for. */
  readonly facets?: Facets;
}

/** The text of a spec at `version`; `contentHash` is the hexadecimal SHA-256 of its UTF-8 bytes. */
export interface SpecText {
  readonly specId: string;
  readonly version: number;
  readonly epoch: string;
  readonly content: string;
  readonly contentHash: string;
}

/** What to create a spec from; with `specId` the request may be repeated safely. */
export interface NewSpec {
  readonly title: string;
  readonly content?: string;
  readonly description?: string;
  readonly type?: string;
  readonly specId?: string;
}

export interface ListQuery {
  /** Words to search for, in titles and texts. */
  readonly q?: string;
  readonly cursor?: string;
  /** Entries per page, at most 200. */
  readonly limit?: number;
  /** The specs in the trash that the user owns, instead of the others. */
  readonly trashed?: boolean;
  /** The path of a notebook: only the specs whose front matter names it, or the end of its path. */
  readonly notebook?: string;
  readonly sort?: SpecSort;
  readonly status?: string;
  readonly type?: string;
  /** Only specs that the user owns. */
  readonly mine?: boolean;
  /** Only specs with versions by others that the user has not read. */
  readonly unread?: boolean;
  /** Whether to count how many specs have which status and type. */
  readonly facets?: boolean;
}

/** A text that a new spec can start from, with `{{title}}` and other marks that are filled in. */
export interface SpecTemplate {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: string;
  readonly content: string;
}

/** REST calls about specs. Each rejects with {@link SpecError} if the server refuses. */
export class SpecsApi {
  constructor(private readonly rest: RestClient) {}

  list(listed: ListQuery = {}): Promise<SpecPage> {
    const { q, cursor, limit, trashed, notebook, sort, status, type, mine, unread, facets } =
      listed;
    const query = {
      ...(q ? { q } : {}),
      ...(cursor ? { cursor } : {}),
      ...(limit ? { limit: String(limit) } : {}),
      trashed: String(trashed ?? false), // so that the answer has trashDays
      ...(notebook ? { notebook } : {}),
      ...(sort ? { sort } : {}),
      ...(status ? { status } : {}),
      ...(type ? { type } : {}),
      ...(mine ? { mine: 'true' } : {}),
      ...(unread ? { unread: 'true' } : {}),
      ...(facets ? { facets: 'true' } : {})
    };
    return this.rest.request({ method: 'GET', query });
  }

  /** What new specs can start from; the first one is blank, unless an admin has changed that. */
  async templates(): Promise<readonly SpecTemplate[]> {
    const path = ['templates'];
    const { templates } = await this.rest.request<{ templates: readonly SpecTemplate[] }>({
      method: 'GET',
      path
    });
    return templates;
  }

  create(spec: NewSpec): Promise<SpecEntry> {
    return this.rest.request({ method: 'POST', body: spec });
  }

  get(specId: string): Promise<SpecEntry> {
    return this.rest.request({ method: 'GET', path: [specId] });
  }

  update(
    specId: string,
    changes: Partial<Pick<SpecEntry, 'title' | 'description'>>
  ): Promise<SpecEntry> {
    return this.rest.request({ method: 'PATCH', path: [specId], body: changes });
  }

  /** Puts a spec into the trash; or deletes it for good, in the trash or not. */
  async delete(specId: string, { permanently = false } = {}): Promise<void> {
    const query: Record<string, string> = permanently ? { permanently: 'true' } : {};
    await this.rest.request({ method: 'DELETE', path: [specId], query });
  }

  /** Takes a spec out of the trash. */
  undelete(specId: string): Promise<SpecEntry> {
    return this.rest.request({ method: 'POST', path: [specId, 'undelete'] });
  }

  /** The current text of a spec. */
  document(specId: string): Promise<SpecText> {
    return this.rest.request({ method: 'GET', path: [specId, 'document'] });
  }
}
