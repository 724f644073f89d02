import type { Byline } from '../../sync/authorship';
import type { Attribution } from '../../text';

/** How many versions are kept without a look at which of them are still told. */
const MANY = 1_000;

/**
 * Who made the versions that are told as new, and some others. It grows with the text and forgets now and then, so that
 * an edit costs the same however many there are; a version has the same author for ever, so old values may share it.
 */
export class ToldBylines {
  private readonly known = new Map<number, Byline>();
  private limit = MANY;

  get versions(): Iterable<number> {
    return this.known.keys();
  }

  get all(): Iterable<Byline> {
    return this.known.values();
  }

  get(version: number): Byline | undefined {
    return this.known.get(version);
  }

  add(version: number, byline: Byline): void {
    this.known.set(version, byline);
  }

  /** Forgets versions of which `letters` tell nothing, if there are twice as many as after the last time. */
  forgetUnless(letters: Attribution): void {
    if (this.known.size < this.limit) {
      return;
    }
    const told = new Set<number>();
    for (const { runs } of letters.chunks) {
      for (const [, version] of runs) {
        told.add(Math.abs(version));
      }
    }
    for (const version of this.known.keys()) {
      if (!told.has(version)) {
        this.known.delete(version);
      }
    }
    this.limit = Math.max(MANY, 2 * this.known.size);
  }
}
