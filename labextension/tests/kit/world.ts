import type { Environment } from '../../src/runtime';

/** Pseudorandom numbers from a seed (mulberry32). */
export class Chance {
  constructor(private seed: number) {}

  /** A number from 0 (included) to 1 (excluded). */
  next(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let value = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Returns `true` with this probability. */
  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.between(0, values.length - 1)];
  }
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A simulated clock with its timers. Time passes only in `run` and `runUntil`. */
export class World {
  readonly chance: Chance;
  private time = 0;
  private order = 0;
  private ids = 0;
  private timers: Timer[] = [];
  private readonly wakers = new Set<() => void>();
  private readonly losers = new Set<() => void>();

  constructor(seed = 1) {
    this.chance = new Chance(seed);
  }

  get now(): number {
    return this.time;
  }

  readonly environment: Environment = {
    now: () => this.time,
    date: () => this.time,
    after: (delay, callback) => this.after(delay, callback),
    random: () => this.chance.next(),
    uuid: () => this.uuid(),
    onWake: callback => {
      this.wakers.add(callback);
      return () => this.wakers.delete(callback);
    },
    onNetworkLost: callback => {
      this.losers.add(callback);
      return () => this.losers.delete(callback);
    },
    onHide: () => () => undefined
  };

  uuid(): string {
    return `00000000-0000-4000-8000-${(++this.ids).toString(16).padStart(12, '0')}`;
  }

  after(delay: number, callback: () => void): () => void {
    const timer = { at: this.time + Math.max(0, delay), order: this.order++, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter(other => other !== timer);
    };
  }

  /** Notifies the pages that the computer wakes up. */
  wake(): void {
    this.wakers.forEach(callback => callback());
  }

  /** Notifies the pages that the browser has lost the network. */
  loseNetwork(): void {
    this.losers.forEach(callback => callback());
  }

  /** Lets `duration` milliseconds pass. */
  run(duration: number): void {
    const end = this.time + duration;
    for (let next = this.due(end); next; next = this.due(end)) {
      this.fire(next);
    }
    this.time = end;
  }

  /** Lets time pass until `holds` returns `true`; throws if it does not within `limit` milliseconds. */
  runUntil(holds: () => boolean, limit = 600_000): void {
    const end = this.time + limit;
    while (!holds()) {
      const next = this.due(end);
      if (!next) {
        throw new Error(`The condition did not hold within ${limit} ms.`);
      }
      this.fire(next);
    }
  }

  private due(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (
        timer.at <= end &&
        (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
      ) {
        first = timer;
      }
    }
    return first;
  }

  private fire(timer: Timer): void {
    this.timers = this.timers.filter(other => other !== timer);
    this.time = Math.max(this.time, timer.at);
    timer.callback();
  }
}
