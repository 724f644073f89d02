import type { HistoryApi, Sitting } from '../../server/history';

/** Sittings a request. */
const PAGE = 20;
/** How far behind a version its sitting is taken to end; then so many times farther. */
const [REACH, FARTHER] = [250, 16];
/** Requests that are sent for one version at most. */
const MOST_REQUESTS = 8;
/** How many sittings are kept. */
const MOST_KEPT = 200;

/** The sittings in which versions of a spec were made. */
export class SittingLookup {
  private known: readonly Sitting[] = [];

  constructor(
    private readonly api: Pick<HistoryApi, 'sittings'>,
    private readonly specId: string
  ) {}

  /**
   * The sitting of a version; `null` if it can't be found. Rejects with `SpecError`.
   *
   * The server tells the sittings that end before a version, newest first. So this looks behind the version, farther
   * and farther, and then back.
   */
  async of(version: number): Promise<Sitting | null> {
    const holds = ({ fromVersion, toVersion }: Sitting) =>
      fromVersion < version && version <= toVersion;
    const known = this.known.find(holds);
    if (known) {
      return known;
    }
    let reach = REACH;
    let before = version + 1 + reach;
    for (let request = 0; request < MOST_REQUESTS; request++) {
      const { sittings } = await this.api.sittings(this.specId, { before, limit: PAGE });
      const found = sittings.find(holds);
      if (found) {
        this.known = [...this.known, found].slice(-MOST_KEPT);
        return found;
      }
      const oldest = sittings.at(-1);
      if (oldest && oldest.fromVersion >= version) {
        before = oldest.fromVersion + 1;
      } else {
        reach *= FARTHER;
        before = version + 1 + reach;
      }
    }
    return null;
  }
}
