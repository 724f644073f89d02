import {
  type Answer,
  type Ask,
  NO_ANSWER,
  type OpenTransport,
  pollingTransport,
  type Request,
  LongPollBudget
} from '../../src/protocol';
import type { Clock } from '../../src/runtime';
import { FINE, type NetworkPath, type Weather } from './network';
import type { Polls } from './polls';
import type { User } from './server';
import type { World } from './world';

/**
 * The plain requests of one user. Each has its own delay, so that one may overtake another. A request may be
 * lost or arrive twice, and its response may be lost.
 */
export class RequestWire implements NetworkPath {
  weather: Weather = FINE;
  isDown = false;
  connections = 0;
  /** Milliseconds after which a proxy answers a request with 504. */
  cutsAfter = Infinity;
  readonly made: string[] = [];
  private hide: (() => void) | null = null;
  private readonly pending = new Set<(answer: Answer) => void>();

  constructor(
    private readonly world: World,
    readonly polls: Polls,
    public user: User,
    private readonly asked: (request: Request) => void = () => undefined
  ) {}

  /** The clock of the current page. Its timers do not fire after the page has ended. */
  get clock(): Clock {
    const { environment } = this.world;
    return {
      ...environment,
      after: (delay, callback) => environment.after(delay, this.ofThisPage(callback))
    };
  }

  readonly open: OpenTransport = listener => {
    this.connections += 1;
    this.isFrozen = false;
    return pollingTransport({
      ask: this.ask,
      clock: this.clock,
      longPolls: new LongPollBudget(),
      onPageHide: callback => {
        this.hide = callback;
        return () => (this.hide = null);
      }
    })(listener);
  };

  /** Fails all requests in flight. */
  cut(): void {
    [...this.pending].forEach(settle => settle(NO_ANSWER));
  }

  /** Drops all requests and responses without notice, until the next connection is opened. */
  freeze(): void {
    this.isFrozen = true;
  }

  hidePage(): void {
    this.hide?.();
  }

  /** The page has crashed: its requests in flight arrive, and their responses are dropped. */
  abandon(): void {
    this.page += 1;
    this.pending.clear();
    this.hide = null;
  }

  private isFrozen = false;
  /** The number of pages that have ended. */
  private page = 0;

  /** A callback that does nothing once the current page has ended. */
  private ofThisPage<Arguments extends unknown[]>(
    callback: (...given: Arguments) => void
  ): (...given: Arguments) => void {
    const { page } = this;
    return (...given) => {
      if (page === this.page) {
        callback(...given);
      }
    };
  }

  private readonly ask: Ask = (request, answer) => {
    const answered = this.ofThisPage(answer);
    this.asked(request);
    this.made.push(`${request.method} ${request.path}`);
    let isOver = false;
    const settle = (answer: Answer) => {
      if (!isOver) {
        isOver = true;
        this.pending.delete(settle);
        answered(answer);
      }
    };
    this.pending.add(settle);
    const lose = () => this.world.after(this.delay(), () => this.isFrozen || settle(NO_ANSWER));
    const arrive = () =>
      this.polls.handle(this.user, request, answer => {
        if (this.isLost) {
          lose();
        } else {
          this.world.after(this.delay(), () => this.isFrozen || settle(answer));
        }
      });
    if (this.isLost) {
      lose();
    } else {
      this.world.after(this.delay(), arrive);
      if (this.world.chance.happens(this.weather.duplicates ?? 0)) {
        this.world.after(this.delay(), arrive);
      }
    }
    if (this.cutsAfter < Infinity) {
      this.world.after(this.cutsAfter, () => settle({ status: 504, body: '<h1>Late</h1>' }));
    }
    return () => {
      isOver = true;
      this.pending.delete(settle);
    };
  };

  private get isLost(): boolean {
    return this.isDown || this.isFrozen || this.world.chance.happens(this.weather.lost ?? 0);
  }

  private delay(): number {
    const [least, most] = this.weather.latency;
    return this.world.chance.between(least, most);
  }
}
