// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { backoff, Countdown } from '../../src/session/reconnect';
import { World } from '../kit';

describe('the wait before the next attempt', () => {
  it('takes 1, 2, 4, 8, 16 and then 30 seconds, a quarter more or less', () => {
    const middle = Array.from({ length: 8 }, (_, attempt) => backoff(attempt, 0.5));
    expect(middle).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(backoff(0, 0)).toBe(0.75);
    expect(backoff(5, 0.999)).toBeLessThan(37.5);
  });

  it('counts down each second and then ends', () => {
    const world = new World();
    const seen: (number | null)[] = [];
    let tries = 0;
    const countdown: Countdown = new Countdown(
      { ...world.environment, random: () => 0.5 },
      () => seen.push(countdown.secondsLeft),
      () => (tries += 1)
    );
    for (let attempt = 0; attempt < 3; attempt++) {
      countdown.start();
      world.run(10_000);
    }
    expect(tries).toBe(3);
    expect(seen).toEqual([1, 3, 2, 1]);
    expect(countdown.secondsLeft).toBeNull();
    expect(countdown.attempts).toBe(3);
  });

  it('can be cut short, stopped and restarted', () => {
    const world = new World();
    let tries = 0;
    const countdown = new Countdown(
      world.environment,
      () => undefined,
      () => (tries += 1)
    );
    countdown.start();
    countdown.skip();
    expect(tries).toBe(1);
    countdown.skip();
    expect(tries).toBe(1);
    countdown.start();
    countdown.stop();
    world.run(60_000);
    expect(tries).toBe(1);
    countdown.reset();
    expect(countdown.attempts).toBe(0);
  });
});
