/** The longest that a fetch may wait for news, in seconds. */
const LONGEST = 25;

/**
 * How long the fetches of a page may wait at the server.
 *
 * A browser keeps few connections to one server (six, over HTTP/1.1): were all of them waiting for news,
 * nothing else of the page would get through. And what stands in between may cut a request that takes long.
 */
export class LongPollBudget {
  private free: number;
  private longest = LONGEST;

  /** `most`: fetches that may wait at one time. */
  constructor(most = 2) {
    this.free = most;
  }

  /** Seconds that the next fetch may wait: none where others wait already. */
  take(): number {
    if (this.free === 0) {
      return 0;
    }
    this.free -= 1;
    return this.longest;
  }

  /** A fetch that was given `seconds` has ended. */
  giveBack(seconds: number): void {
    if (seconds > 0) {
      this.free += 1;
    }
  }

  /** LongPollBudget of so many milliseconds are cut on their way: half of that, from now on. */
  cutAfter(elapsed: number): void {
    this.longest = Math.max(1, Math.min(this.longest, Math.floor(elapsed / 2000)));
  }
}
