// @vitest-environment node
/** The log of operations that the slider keeps, in parts. */
import { describe, expect, it } from 'vitest';

import { OperationLog, PAGE } from '../../src/history/slider/operationLog';
import { chance, Recording } from './recording';

const recording = new Recording(3 * PAGE, 3);

function kept(log: OperationLog): number {
  return recording.steps.filter((_, index) => log.stepTo(index + 1) !== null).length;
}

describe('the log of operations', () => {
  it('has the operation of each version that it was given, whatever the order of the pages', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = chance(seed);
      const log = new OperationLog();
      for (let asked = 0; asked < 12; asked++) {
        const version = 1 + Math.floor(random() * recording.steps.length);
        const gap = log.gapAt(version);
        expect(gap === null).toBe(log.stepTo(version) !== null);
        if (gap) {
          expect(gap.after < version && version <= gap.after + gap.limit).toBe(true);
          const { after, limit } = gap;
          log.add(recording.page(after, Math.ceil(limit * (0.3 + random()))), version);
        }
      }
      const wrong = recording.steps.filter((step, index) => {
        const found = log.stepTo(index + 1);
        return found !== null && JSON.stringify(found) !== JSON.stringify(step);
      });
      expect(wrong).toEqual([]);
    }
  });

  it('tells where the first operation is missing on either side', () => {
    const log = new OperationLog();
    log.add(recording.page(1000, 500), 1200);
    log.add(recording.page(1500, 100), 1200);
    expect([log.nextMissing(1200, 1), log.nextMissing(1200, -1)]).toEqual([1601, 1000]);
    expect([log.covers(1000, 1600), log.covers(999, 1600), log.covers(1000, 1601)]).toEqual([
      true,
      false,
      false
    ]);
    expect(log.gapAt(1601)).toEqual({ after: 1600, limit: PAGE - 1600 });
    expect(log.gapAt(1000)).toEqual({ after: 0, limit: 1000 });
    expect(log.gapAt(1300)).toBeNull();
  });

  it('keeps only so much, and what is near to the reader longest', () => {
    const page = JSON.stringify(recording.page(0, 100).operations).length;
    const log = new OperationLog(4 * page);
    for (let after = 0; after < 2000; after += 100) {
      log.add(recording.page(after, 100), 1950);
    }
    expect(kept(log)).toBeLessThanOrEqual(500);
    expect(log.hasRoom).toBe(false);
    expect(log.stepTo(1950)).not.toBeNull();
    expect(log.stepTo(50)).toBeNull();
    log.clear();
    expect(kept(log)).toBe(0);
  });
});
