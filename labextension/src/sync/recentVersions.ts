import { type Operation, type Text, transformPosition } from '../text';

/** One committed version: the text at it, and the operation that made it of the version before. */
interface Step {
  readonly version: number;
  readonly operation: Operation;
  readonly text: Text;
}

/** How many versions are remembered; a cursor that is older is placed by the oldest. */
const LENGTH = 256;

/**
 * The last committed versions, as a value: to read a place that someone stated at one of them.
 *
 * Texts share what they have in common, so that this costs little more than the operations.
 */
export class RecentVersions {
  private constructor(
    private readonly start: { readonly version: number; readonly text: Text },
    private readonly steps: readonly Step[]
  ) {}

  static from(version: number, text: Text): RecentVersions {
    return new RecentVersions({ version, text }, []);
  }

  /** With the next version behind. */
  with(operation: Operation, text: Text): RecentVersions {
    const version = this.version + 1;
    const steps = [...this.steps, { version, operation, text }];
    return steps.length <= 2 * LENGTH
      ? new RecentVersions(this.start, steps)
      : new RecentVersions(steps[LENGTH - 1], steps.slice(LENGTH));
  }

  /** What was committed after `version`, in order; `null` where that is not remembered. */
  since(version: number): readonly Operation[] | null {
    const known = version >= this.start.version && version <= this.version;
    return known
      ? this.steps.slice(version - this.start.version).map(({ operation }) => operation)
      : null;
  }

  private get version(): number {
    return this.steps.at(-1)?.version ?? this.start.version;
  }

  /** The text at `version`, or the nearest that is still known. */
  textAt(version: number): Text {
    const step = this.steps[Math.min(version, this.version) - this.start.version - 1];
    return step?.text ?? this.start.text;
  }

  /** Where an offset of the text at `version` stands in the newest. Text inserted at it pushes it right. */
  forward(offset: number, version: number): number {
    return this.steps
      .slice(Math.max(0, version - this.start.version))
      .reduce((moved, step) => transformPosition(moved, step.operation), offset);
  }
}
