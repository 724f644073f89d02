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

/** A changed part at a code point of the older of two texts; `authors` are names by userId. */
export interface Hunk {
  readonly position: number;
  readonly removed: string;
  readonly added: string;
  readonly authors: Readonly<Record<string, string>>;
}

/** REST calls about what a user has read of a spec. Each rejects with {@link SpecError} if the server refuses. */
export class ReadMarksApi {
  constructor(private readonly rest: RestClient) {}

  /** What came and went after a version, by heading and requirement. */
  changesSince(specId: string, version: number): Promise<SubjectChanges> {
    const query = { since: String(version) };
    return this.rest.request({ method: 'GET', path: [specId, 'changes'], query });
  }

  /** What differs between two versions, in order of positions. */
  async hunks(specId: string, from: number, to: number): Promise<readonly Hunk[]> {
    const { hunks } = await this.rest.request<{ hunks: readonly Hunk[] }>({
      method: 'GET',
      path: [specId, 'revisions', String(to), 'diff'],
      query: { against: String(from) }
    });
    return hunks;
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
