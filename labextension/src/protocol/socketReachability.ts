import type { Obstacle } from './transport';

/** Milliseconds for which a WebSocket has to stay open to count as stable. */
const STABLE_AFTER = 30_000;
/** After this many unstable WebSockets in a row none is used. */
const UNSTABLE_LIMIT = 3;
/** Milliseconds before each attempt to open a WebSocket again; the last one is used for all later attempts. */
const PROBE_DELAYS: readonly number[] = [2_000, 15_000, 30_000, 60_000, 120_000, 300_000];
/** The index of the first delay if WebSockets are unstable. */
const UNSTABLE_START = 3;

/** Close codes of a failed network or a proxy, as opposed to those of the server. */
const FAILURES: readonly number[] = [1000, 1005, 1006, 1011, 1012, 1013, 1014, 1015];

/**
 * What the connections of a page know about whether WebSockets reach the server.
 *
 * One failure is enough to use polling if that works. A WebSocket is tried again after two seconds, in case the
 * server was only starting, and then at growing intervals.
 */
export class SocketReachability {
  private found: Obstacle | null = null;
  private unstable = 0;
  private relapses = 0;

  /** Why WebSockets don't work; `null` if they work or nothing is known. */
  get obstacle(): Obstacle | null {
    return this.found;
  }

  /** To be called when polling works and a WebSocket did not. */
  blocked(): void {
    this.found ??= 'unopened';
  }

  /** To be called when a WebSocket has delivered an event. */
  opened(): void {
    this.found = null;
  }

  /** To be called when a working WebSocket was closed after `lifetime` milliseconds. */
  closed(code: number, lifetime: number): void {
    if (lifetime >= STABLE_AFTER) {
      this.unstable = this.relapses = 0;
    } else if (FAILURES.includes(code)) {
      this.unstable += 1;
    }
    if (this.unstable >= UNSTABLE_LIMIT) {
      this.found = 'shortLived';
      this.relapses += 1;
    }
  }

  /** To be called when polling fails too. The server may be down, so nothing is known about WebSockets. */
  unreachable(): void {
    this.found = null;
    this.unstable = Math.min(this.unstable, UNSTABLE_LIMIT - 1);
  }

  /** The milliseconds before attempt number `count` (from 0) of a connection. */
  probeAfter(count: number): number {
    const begin = this.found === 'shortLived' ? UNSTABLE_START + this.relapses - 1 : 0;
    return PROBE_DELAYS[Math.min(begin + count, PROBE_DELAYS.length - 1)];
  }
}
