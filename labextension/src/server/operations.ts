import type { RestClient } from './rest';

/** The text at a position goes, and another one comes there. Positions count code points. */
export type Edit = readonly [position: number, removed: string, inserted: string];

/** What led from `after` to the versions behind it, oldest first. The positions of the edits of one descend. */
export interface OperationPage {
  readonly epoch: string;
  /** The present version of the spec. */
  readonly version: number;
  readonly after: number;
  /** `person` is an index into {@link people}; `time` is in whole seconds since 1970. */
  readonly operations: readonly (readonly [person: number, time: number, edits: readonly Edit[]])[];
  readonly people: readonly { readonly userId: string; readonly userName: string }[];
  readonly nextAfter: number | null;
}

/** REST calls about what each version of a spec changed. Each rejects with {@link SpecError} if the server refuses. */
export class OperationsApi {
  constructor(private readonly rest: RestClient) {}

  /** The operations after a version, as many of `limit` as a page holds. */
  page(specId: string, after: number, limit: number): Promise<OperationPage> {
    const query = { after: String(after), limit: String(limit) };
    return this.rest.request({ method: 'GET', path: [specId, 'operations'], query });
  }
}
