import type { WireAnchor } from '../server/threads';
import type { CommittedStep, Replica } from '../sync';
import { type Anchor, Gaps, type Quoted, shownAnchors } from '../text';

/** An anchor in the text of a version. */
interface Placed {
  readonly anchor: Anchor;
  readonly version: number;
  readonly quote: string;
}

/**
 * Where threads are: their anchors in the replica's committed text, moved over committed operations only.
 *
 * Law (`anchorBoard.test.ts`): they are what the server's are at the same version, in whatever order it told of them;
 * and `shown` moves them over what the server has not acknowledged.
 */
export class AnchorBoard {
  /** At `version`. */
  private placed = new Map<string, Quoted>();
  /** Of later versions than the replica's. */
  private readonly early = new Map<string, Placed>();
  private readonly lost = new Set<string>();
  private epoch: string | null = null;
  private version = 0;

  /** Threads whose places are not known any more: the server has to be asked. */
  get missing(): ReadonlySet<string> {
    return this.lost;
  }

  /** Where a thread is in the committed text of the replica that was followed last; `null` if that is not known. */
  committed(threadId: string): Anchor | null {
    return this.placed.get(threadId)?.[0] ?? null;
  }

  /** Takes an anchor of any version. */
  take(threadId: string, wire: WireAnchor, quote: string, replica: Replica): void {
    this.follow(replica);
    this.early.delete(threadId);
    const { start, end, version, orphaned, letters } = wire;
    const anchor: Anchor = orphaned
      ? { start, end: start, letters: letters ?? '' }
      : { start, end: Math.max(start, end), letters: null };
    if (version > this.version) {
      // What is known of it holds until then.
      this.early.set(threadId, { anchor, version, quote });
      return;
    }
    const steps = replica.recentVersions.since(version);
    if (!steps) {
      if (!this.placed.has(threadId)) {
        this.lost.add(threadId);
      }
      return;
    }
    this.lost.delete(threadId);
    const now = steps.reduce(
      (moved, step, index) => gapsOf(step, version + index, replica).moved(moved, quote),
      anchor
    );
    this.placed.set(threadId, [now, quote]);
  }

  remove(threadId: string): void {
    this.placed.delete(threadId);
    this.early.delete(threadId);
    this.lost.delete(threadId);
  }

  /** Brings the anchors to the replica's version. */
  follow(replica: Replica): void {
    const { epoch, version } = replica;
    if (epoch === this.epoch && version === this.version) {
      return;
    }
    const steps = epoch === this.epoch ? replica.recentVersions.since(this.version) : null;
    if (steps) {
      steps.forEach(step => this.advance(step, replica));
    } else {
      this.placed.forEach((_, threadId) => this.lost.add(threadId));
      this.placed.clear();
      if (epoch !== this.epoch) {
        this.early.forEach((_, threadId) => this.lost.add(threadId));
        this.early.clear();
      }
    }
    [this.epoch, this.version] = [epoch, version];
    this.settle(replica);
  }

  /** The same if the replica is so many versions ahead, or has another history. Few wait until somebody looks. */
  followWithin(replica: Replica, most: number): void {
    const isNear = replica.epoch === this.epoch && Math.abs(replica.version - this.version) < most;
    if (!isNear || this.early.size > 0) {
      this.follow(replica);
    }
  }

  /** Where the threads are in the text that the replica shows. */
  shown(replica: Replica): ReadonlyMap<string, Anchor> {
    this.follow(replica);
    const { outstanding, buffer } = replica.pending;
    const operations = [outstanding, buffer].flatMap(edit => (edit ? edit.operation : []));
    const ids = [...this.placed.keys()];
    const places = shownAnchors([...this.placed.values()], replica.committed, operations);
    return new Map(ids.map((threadId, index) => [threadId, places[index]]));
  }

  private advance(step: CommittedStep, replica: Replica): void {
    const gaps = gapsOf(step, this.version, replica);
    for (const [threadId, [anchor, quote]] of this.placed) {
      const moved = gaps.moved(anchor, quote);
      if (moved !== anchor) {
        this.placed.set(threadId, [moved, quote]);
      }
    }
    this.version += 1;
  }

  /** Places what was too early before. */
  private settle(replica: Replica): void {
    for (const [threadId, { anchor, version, quote }] of this.early) {
      if (version <= this.version) {
        const { start, end, letters } = anchor;
        const orphaned = letters !== null;
        this.take(threadId, { start, end, version, orphaned, letters }, quote, replica);
      }
    }
  }
}

const known = new WeakMap<CommittedStep, Gaps>();

/** The gaps of the operation after `version`, found once for all anchors. */
function gapsOf(step: CommittedStep, version: number, { recentVersions }: Replica): Gaps {
  let gaps = known.get(step);
  if (!gaps) {
    gaps = new Gaps({ operation: step.operation, before: recentVersions.textAt(version) });
    known.set(step, gaps);
  }
  return gaps;
}
