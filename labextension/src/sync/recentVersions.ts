import { type Operation, type Text, transformPosition } from '../text';

/** The operation that led to a version, and who sent it. */
export interface CommittedStep {
  readonly operation: Operation;
  readonly operationId: string;
  readonly sessionId: string | null;
  /** The user; `null` for one's own operation. */
  readonly userId: string | null;
  /** Whose words they are, where that is not the user, who accepted a suggestion. */
  readonly authorId?: string;
  /** When it was committed, as the server says; `null` where it has just been acknowledged. */
  readonly timestamp: string | null;
}

/** A committed version: its text, and the operation that led to it from the version before. */
interface Step extends CommittedStep {
  readonly version: number;
  readonly text: Text;
}

/** How many versions are remembered at least. A cursor of an older one is placed in the oldest text. */
const LENGTH = 1_024;

/**
 * The last committed versions, as a value. They translate a cursor of an earlier version to the newest one.
 *
 * The texts share their unchanged parts, so that they take little more memory than the operations.
 */
export class RecentVersions {
  private constructor(
    private readonly start: { readonly version: number; readonly text: Text },
    private readonly steps: readonly Step[]
  ) {}

  static from(version: number, text: Text): RecentVersions {
    return new RecentVersions({ version, text }, []);
  }

  /** The same with the next version added. */
  with(step: CommittedStep, text: Text): RecentVersions {
    const version = this.version + 1;
    const steps = [...this.steps, { ...step, version, text }];
    return steps.length <= 2 * LENGTH
      ? new RecentVersions(this.start, steps)
      : new RecentVersions(steps[LENGTH - 1], steps.slice(LENGTH));
  }

  /** The operations that were committed after `version`, in order; `null` where they are not remembered. */
  since(version: number): readonly CommittedStep[] | null {
    const known = version >= this.start.version && version <= this.version;
    return known ? this.steps.slice(version - this.start.version) : null;
  }

  private get version(): number {
    return this.steps.at(-1)?.version ?? this.start.version;
  }

  /** The text at `version`, or the nearest one that is remembered. */
  textAt(version: number): Text {
    const step = this.steps[Math.min(version, this.version) - this.start.version - 1];
    return step?.text ?? this.start.text;
  }

  /** Translates an offset in the text at `version` to the newest text. Text inserted at it moves it right. */
  forward(offset: number, version: number): number {
    return this.steps
      .slice(Math.max(0, version - this.start.version))
      .reduce((moved, step) => transformPosition(moved, step.operation), offset);
  }
}
