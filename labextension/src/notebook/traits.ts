import type { SpecConnection } from '../session';

/** The state of a spec that is passed to the kernel, under the names of the Python widget's traits. */
export interface LiveTraits {
  readonly content: string;
  readonly version: number;
  readonly collaborators: readonly { userId: string; userName: string; color: string | null }[];
  readonly status: string;
}

/** Milliseconds between two messages to the kernel: 200, and more for a long text. `length` in UTF-16 units. */
export function intervalFor(length: number): number {
  return Math.min(5000, Math.max(200, length / 50));
}

/** The traits for the present state of a connection. */
export function traitsOf(connection: SpecConnection): LiveTraits {
  const { version, users, status } = connection.state;
  return {
    content: connection.document.toString(),
    version,
    collaborators: users.map(({ userId, userName, color }) => ({
      userId,
      userName,
      color: color ?? null
    })),
    status
  };
}

/** Calls `write` with the newest traits when a connection changes, at most once per {@link intervalFor}. */
export class TraitWriter {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly unsubscribers: readonly (() => void)[];

  constructor(
    private readonly connection: SpecConnection,
    private readonly write: (traits: LiveTraits) => void
  ) {
    const changed = () => this.schedule();
    this.unsubscribers = [connection.subscribe(changed), connection.onChange(changed)];
    changed();
  }

  dispose(): void {
    this.unsubscribers.forEach(unsubscribe => unsubscribe());
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
  }

  /** Writes nothing before the document has loaded, since the kernel would take its empty text for the spec's. */
  private schedule(): void {
    if (this.timer === null && this.connection.state.status !== 'connecting') {
      const interval = intervalFor(this.connection.document.utf16Length);
      this.timer = setTimeout(() => {
        this.timer = null;
        this.write(traitsOf(this.connection));
      }, interval);
    }
  }
}
