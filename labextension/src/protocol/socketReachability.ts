import type { Obstacle } from './transport';

/** Milliseconds that a WebSocket must live to count as one that works. */
const LIVED = 30_000;
/** So many in a row that live shorter, and they are given up. */
const SHORT_LIVES = 3;
/** Milliseconds before each try whether a WebSocket gets through by now; the last one stays. */
const PROBE_AFTER: readonly number[] = [2_000, 15_000, 30_000, 60_000, 120_000, 300_000];
/** Where in these a WebSocket begins that can be opened and breaks down. */
const PATIENT = 3;

/** Close codes with which a network fails, and not a server: abnormal, and those of a proxy in between. */
const FAILURES: readonly number[] = [1000, 1005, 1006, 1011, 1012, 1013, 1014, 1015];

/**
 * Whether WebSockets get through to a server, as far as the connections of a page have seen.
 *
 * The first try is enough to go without where plain requests work: another one follows after two seconds, in
 * case that the server was only about to start, and then others, at ever longer distances.
 */
export class SocketReachability {
  private found: Obstacle | null = null;
  private shortLives = 0;
  private relapses = 0;

  /** What stands in the way of WebSockets; `null` where nothing is known to. */
  get obstacle(): Obstacle | null {
    return this.found;
  }

  /** Requests got through where a WebSocket did not. */
  blocked(): void {
    this.found ??= 'unopened';
  }

  /** A WebSocket got through. */
  opened(): void {
    this.found = null;
  }

  /** A WebSocket that had got through was closed after so many milliseconds. */
  closed(code: number, lifetime: number): void {
    if (lifetime >= LIVED) {
      this.shortLives = this.relapses = 0;
    } else if (FAILURES.includes(code)) {
      this.shortLives += 1;
    }
    if (this.shortLives >= SHORT_LIVES) {
      this.found = 'shortLived';
      this.relapses += 1;
    }
  }

  /** Requests don't get through either: the server may be away, and nothing is known any more. */
  unreachable(): void {
    this.found = null;
    this.shortLives = Math.min(this.shortLives, SHORT_LIVES - 1);
  }

  /** Milliseconds before try number `count` (from 0) of a connection. */
  probeAfter(count: number): number {
    const begin = this.found === 'shortLived' ? PATIENT + this.relapses - 1 : 0;
    return PROBE_AFTER[Math.min(begin + count, PROBE_AFTER.length - 1)];
  }
}
