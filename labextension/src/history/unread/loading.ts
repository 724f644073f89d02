import type { HistoryApi } from '../../server/history';
import type { SpecConnection } from '../../session';
import { type Authorship, authorshipOf, broughtOn, shownAttribution } from '../../sync/authorship';
import { type Operation, transformPosition } from '../../text';
import { type Fresh, freshSince, type Gone } from './fresh';

/** How often the server is asked, where the text changes faster than the page remembers. */
const ATTEMPTS = 3;

/** A person who wrote, as the server told. */
export interface Writer {
  readonly userName: string;
  readonly color?: string | null;
}

export interface Loaded {
  readonly fresh: Fresh;
  /** The version of the connection's text up to which it is told. */
  readonly version: number;
  /** By userId. */
  readonly writers: ReadonlyMap<string, Writer>;
}

/** What is new in the connection's text since a version; `null` where that can't be told. */
export async function loadFresh(
  connection: SpecConnection,
  api: Pick<HistoryApi, 'attribution'>,
  since: number,
  now: () => number
): Promise<Loaded | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const answer = await api.attribution(connection.specId);
    await untilVersion(connection, answer.version);
    const { replica, state } = connection;
    const me = state.me?.userId;
    if (!replica || !me) {
      return null;
    }
    const told = authorshipOf(replica.epoch, answer);
    const authorship: Authorship | null = broughtOn(told, replica, me, Math.floor(now() / 1000));
    const attribution = authorship && shownAttribution(authorship, replica);
    if (authorship && attribution) {
      return {
        fresh: freshSince(attribution, authorship.bylines, since, me),
        version: replica.version,
        writers: new Map(answer.people.map(person => [person.userId, person]))
      };
    }
  }
  return null;
}

/** These places of a version in the connection's text; none where the page does not remember that version. */
export function placesNow(
  { replica }: SpecConnection,
  places: readonly Gone[],
  version: number
): readonly Gone[] {
  const steps = replica?.recentVersions.since(version);
  if (!replica || !steps) {
    return [];
  }
  const { outstanding, buffer } = replica.pending;
  const since = [
    ...steps.map(({ operation }) => operation),
    ...[outstanding, buffer].flatMap(edit => (edit ? edit.operation : []))
  ];
  return places.map(place => ({ ...place, at: since.reduce(movedPlace, place.at) }));
}

function movedPlace(at: number, operation: Operation): number {
  return transformPosition(at, operation);
}

/** Resolves when the page has this version, or its session is over. */
async function untilVersion(connection: SpecConnection, version: number): Promise<void> {
  const isThere = () =>
    (connection.replica?.version ?? -1) >= version || connection.state.status === 'ended';
  if (!isThere()) {
    await new Promise<void>(resolve => {
      const end = connection.subscribe(() => {
        if (isThere()) {
          end();
          resolve();
        }
      });
    });
  }
}
