import type { Clock } from '../../runtime';

/** Milliseconds without a key or a movement of the pointer after which nobody is taken to look. */
export const QUIET = 120_000;

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/** Whether somebody is in front of the page. */
export class Activity {
  private last: number;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly clock: Clock) {
    this.last = clock.now();
    const moved = () => this.moved();
    SIGNS.forEach(sign => document.addEventListener(sign, moved, { capture: true, passive: true }));
    document.addEventListener('visibilitychange', moved);
  }

  /** Whether the page is on the screen and was used a short while ago. */
  get isThere(): boolean {
    return document.visibilityState === 'visible' && this.clock.now() - this.last < QUIET;
  }

  /** Calls back when somebody is there again; returns a function that ends that. */
  onBack(callback: () => void): () => void {
    this.listeners.add(callback);
    return () => this.listeners.delete(callback);
  }

  private moved(): void {
    const wasThere = this.isThere;
    if (document.visibilityState === 'visible') {
      this.last = this.clock.now();
    }
    if (!wasThere) {
      this.listeners.forEach(listener => listener());
    }
  }
}
