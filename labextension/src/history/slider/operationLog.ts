import type { OperationPage } from '../../server/operations';
import type { Step } from './step';

/** How many versions are asked for at once: from one multiple of this to the next. */
export const PAGE = 2_000;
/** How many characters of JSON are kept of operations. Some 30 are a letter that somebody typed. */
export const KEPT_CHARACTERS = 32_000_000;
/** How many parts of the log are kept as values besides, which take five times as much memory. */
const READY = 8;

/** A range of versions that has no operations in the log yet. */
export interface Gap {
  readonly after: number;
  readonly limit: number;
}

/** The operations of the versions in `(after, until]`, as JSON. */
interface Part {
  readonly after: number;
  readonly until: number;
  readonly userIds: readonly string[];
  readonly packed: string;
}

/**
 * The operations of a spec, as far as they are kept: in parts between which some may be missing.
 *
 * Law (`sliderLog.test.ts`): no more than {@link KEPT_CHARACTERS} are kept and one part; what is nearest to the
 * place of the reader stays.
 */
export class OperationLog {
  /** In order of their versions; none overlaps another one. */
  private parts: readonly Part[] = [];
  private readonly ready = new Map<Part, readonly Step[]>();
  private characters = 0;
  private isFull = false;

  constructor(private readonly most = KEPT_CHARACTERS) {}

  /** Whether all that came has found room. Else what is asked for in advance would push something else out. */
  get hasRoom(): boolean {
    return !this.isFull;
  }

  /** Keeps what is new in a page. `near` is the version that is looked at. */
  add({ after, operations, people }: OperationPage, near: number): void {
    const until = Math.min(
      after + operations.length,
      this.parts.find(part => part.until > after)?.after ?? Infinity
    );
    if (until <= after) {
      return;
    }
    const part = {
      after,
      until,
      userIds: people.map(({ userId }) => userId),
      packed: JSON.stringify(operations.slice(0, until - after))
    };
    this.characters += part.packed.length;
    this.parts = [...this.parts, part].sort((one, other) => one.after - other.after);
    while (this.characters > this.most && this.parts.length > 1) {
      const [first, last] = [this.parts[0], this.parts.at(-1)!];
      this.drop(near - first.until > last.after - near ? first : last);
    }
  }

  /** The operation that led to `version`; `null` if it is not kept. */
  stepTo(version: number): Step | null {
    const part = this.parts[this.indexOf(version)];
    return part ? this.stepsOf(part)[version - part.after - 1] : null;
  }

  /** Whether all operations of the versions in `(after, until]` are kept. */
  covers(after: number, until: number): boolean {
    for (let version = after; version < until;) {
      const part = this.parts[this.indexOf(version + 1)];
      if (!part) {
        return false;
      }
      version = part.until;
    }
    return true;
  }

  /** What to ask for so that the operation of `version` is kept; `null` if it is. */
  gapAt(version: number): Gap | null {
    if (this.indexOf(version) >= 0) {
      return null;
    }
    const start = Math.floor((version - 1) / PAGE) * PAGE;
    const before = this.parts.findLast(({ until }) => until < version)?.until ?? 0;
    const next = this.parts.find(({ after }) => after >= version)?.after ?? Infinity;
    const after = Math.max(start, before);
    return { after, limit: Math.min(start + PAGE, next) - after };
  }

  /** The nearest version after `version` (or before it, where `step` is -1) whose operation is not kept. */
  nextMissing(version: number, step: 1 | -1): number {
    let missing = version;
    for (let index = this.indexOf(missing); index >= 0; index = this.indexOf(missing)) {
      missing = step > 0 ? this.parts[index].until + 1 : this.parts[index].after;
    }
    return missing;
  }

  /** Forgets everything, as the spec has another history now. */
  clear(): void {
    this.parts = [];
    this.ready.clear();
    this.characters = 0;
    this.isFull = false;
  }

  private drop(part: Part): void {
    this.isFull = true;
    this.parts = this.parts.filter(other => other !== part);
    this.ready.delete(part);
    this.characters -= part.packed.length;
  }

  /** The index of the part that has the operation of `version`; -1 if none has. */
  private indexOf(version: number): number {
    let [low, high] = [0, this.parts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.parts[middle].until < version) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.parts[low] && this.parts[low].after < version ? low : -1;
  }

  private stepsOf(part: Part): readonly Step[] {
    const steps = this.ready.get(part) ?? unpacked(part);
    this.ready.delete(part); // so that it becomes the newest
    this.ready.set(part, steps);
    if (this.ready.size > READY) {
      this.ready.delete(this.ready.keys().next().value!);
    }
    return steps;
  }
}

function unpacked({ packed, userIds }: Part): readonly Step[] {
  const operations = JSON.parse(packed) as OperationPage['operations'];
  return operations.map(([person, time, edits]) => ({ userId: userIds[person], time, edits }));
}
