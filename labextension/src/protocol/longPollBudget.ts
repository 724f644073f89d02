/** The longest time that a fetch may wait for new events, in seconds. */
const LONGEST = 25;

/**
 * Decides how long the fetches of a page may wait at the server.
 *
 * A browser opens few connections to one server (six over HTTP/1.1). If all of them waited for events, the page
 * could send no other request. Besides, a proxy may cut a request that takes long.
 */
export class LongPollBudget {
  private free: number;
  private longest = LONGEST;

  /** `limit`: the number of fetches that may wait at the same time. */
  constructor(limit = 2) {
    this.free = limit;
  }

  /** The seconds that the next fetch may wait; 0 if enough others wait already. */
  take(): number {
    if (this.free === 0) {
      return 0;
    }
    this.free -= 1;
    return this.longest;
  }

  /** To be called when a fetch that got `seconds` has ended. */
  giveBack(seconds: number): void {
    if (seconds > 0) {
      this.free += 1;
    }
  }

  /** To be called when a fetch was cut after `elapsed` milliseconds; later fetches wait at most half as long. */
  cutAfter(elapsed: number): void {
    this.longest = Math.max(1, Math.min(this.longest, Math.floor(elapsed / 2000)));
  }
}
