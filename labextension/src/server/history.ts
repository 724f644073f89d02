import type { AttributionAnswer } from '../sync/authorship';
import type { RestClient } from './rest';
import type { SpecText } from './specs';

/** Somebody who wrote in a sitting, and how many operations. */
export interface SittingPerson {
  readonly userId: string;
  readonly userName: string;
  readonly operations: number;
}

/** A revision that somebody asked for, or that a spec began with. */
export interface NotedRevision {
  readonly version: number;
  readonly label: string | null;
  readonly kind: 'created' | 'saved' | 'labelled' | 'restored';
}

/** What was written in one go: the versions after `fromVersion` up to `toVersion`. Times are ISO-8601 UTC. */
export interface Sitting {
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly people: readonly SittingPerson[];
  /** How many letters came, and how many went. */
  readonly added: number;
  readonly removed: number;
  /** One line about what changed. */
  readonly changesSummary: string;
  readonly revisions: readonly NotedRevision[];
}

/** Newest first. A page may be short, and even empty, though there are more. */
export interface SittingPage {
  readonly sittings: readonly Sitting[];
  /** The `before` of the next page; `null` on the last one. */
  readonly nextBefore: number | null;
}

export interface SittingQuery {
  /** Only sittings whose `toVersion` is below it. */
  readonly before?: number | null;
  /** At most 100. */
  readonly limit?: number;
  /** Only sittings in which this person wrote. */
  readonly user?: string | null;
  /** Only sittings in which letters of this heading or requirement came or went. */
  readonly subject?: string | null;
}

/** The text at a version, and who made that version when. */
export interface TextAtVersion extends SpecText {
  readonly modifiedBy: string;
  readonly modifiedByName: string;
  readonly modifiedAt: string;
}

/** REST calls about the history of a spec. Each rejects with {@link SpecError} if the server refuses. */
export class HistoryApi {
  constructor(private readonly rest: RestClient) {}

  sittings(
    specId: string,
    { before, limit, user, subject }: SittingQuery = {},
    signal?: AbortSignal
  ): Promise<SittingPage> {
    const query = {
      ...(before !== undefined && before !== null ? { before: String(before) } : {}),
      ...(limit ? { limit: String(limit) } : {}),
      ...(user ? { user } : {}),
      ...(subject ? { subject } : {})
    };
    return this.rest.request({ method: 'GET', path: [specId, 'history'], query, signal });
  }

  /** The text at a version. */
  at(specId: string, version: number, signal?: AbortSignal): Promise<TextAtVersion> {
    const path = [specId, 'revisions', String(version)];
    return this.rest.request({ method: 'GET', path, signal });
  }

  /** Who wrote which letter of the text at a version, by default the present one. */
  attribution(
    specId: string,
    version: number | null = null,
    signal?: AbortSignal
  ): Promise<AttributionAnswer> {
    const query: Record<string, string> = version === null ? {} : { version: String(version) };
    return this.rest.request({ method: 'GET', path: [specId, 'attribution'], query, signal });
  }

  /** Gives the present text a label. */
  label(specId: string, label: string): Promise<NotedRevision> {
    return this.rest.request({ method: 'POST', path: [specId, 'revisions'], body: { label } });
  }

  /** Takes the label of a version away. */
  async removeLabel(specId: string, version: number): Promise<void> {
    const path = [specId, 'revisions', String(version), 'label'];
    await this.rest.request({ method: 'DELETE', path });
  }

  /** Brings the text of an old version back as a new edit. */
  restore(specId: string, version: number): Promise<SpecText> {
    const path = [specId, 'revisions', String(version), 'restore'];
    return this.rest.request({ method: 'POST', path });
  }
}
