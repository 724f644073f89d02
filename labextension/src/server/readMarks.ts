import type { RestClient } from './rest';

/** What came and went in a heading or requirement; times are ISO-8601 UTC. */
export interface SubjectChange {
  /** `null`: before the first heading. */
  readonly subject: {
    readonly kind: string;
    readonly id: string;
    readonly title: string;
    /** Whether the later text does not have it. */
    readonly deleted?: boolean;
  } | null;
  readonly added: number;
  readonly removed: number;
  /** In the order in which they changed it first. */
  readonly people: readonly { readonly userId: string; readonly userName: string }[];
  readonly firstVersion: number;
  readonly lastVersion: number;
  readonly lastModified: string;
}

export interface SubjectChanges {
  readonly from: number;
  readonly to: number;
  readonly entries: readonly SubjectChange[];
}

/** REST calls about what a user has read of a spec. Each rejects with {@link SpecError} if the server refuses. */
export class ReadMarksApi {
  constructor(private readonly rest: RestClient) {}

  /** What came and went after a version, by heading and requirement. */
  changesSince(specId: string, version: number): Promise<SubjectChanges> {
    const query = { since: String(version) };
    return this.rest.request({ method: 'GET', path: [specId, 'changes'], query });
  }

  /** Raises the user's read mark; returns it, since it may have been higher. The request outlives the page. */
  async mark(specId: string, version: number): Promise<number> {
    const path = [specId, 'read'];
    const body = { version };
    const marked = await this.rest.request<{ version: number }>({
      method: 'PUT',
      path,
      body,
      keepalive: true
    });
    return marked.version;
  }
}
