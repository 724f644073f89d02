import type { SpecConnection } from '../session';

/** What the kernel sees of a spec; the names are those of the Python widget's traits. */
export interface LiveTraits {
  readonly content: string;
  readonly version: number;
  readonly collaborators: readonly { userId: string; userName: string; color: string | null }[];
  readonly status: string;
}

/** Milliseconds between two messages to the kernel: five a second, fewer for a text that takes long to send. */
export function intervalFor(length: number): number {
  return Math.min(5000, Math.max(200, length / 50));
}

/** What the kernel is to see of a connection now. */
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

/** Passes what a connection shows on to `write`, the newest at most once in each {@link intervalFor}. */
export class TraitWriter {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly endings: readonly (() => void)[];

  constructor(
    private readonly connection: SpecConnection,
    private readonly write: (traits: LiveTraits) => void
  ) {
    const soon = () => this.schedule();
    this.endings = [connection.subscribe(soon), connection.onChange(soon)];
    soon();
  }

  dispose(): void {
    this.endings.forEach(end => end());
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
  }

  /** Nothing is told before there is a document, since an empty text would look like one. */
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
