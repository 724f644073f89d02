import type { SpecConnection } from '../session';
import { LiveThreads, type LiveThreadsOptions } from './liveThreads';
import type { SpecThreads } from './specThreads';

interface Held {
  readonly threads: LiveThreads;
  views: number;
}

/** The threads of the specs of this page: all views of a spec share one, since they share its connection. */
export class OpenThreads {
  private readonly under = new Map<SpecConnection, Held>();

  constructor(private readonly options: Omit<LiveThreadsOptions, 'connection'>) {}

  /** The threads of the spec of a connection; whoever asks for them has to end that. */
  begin(connection: SpecConnection): SpecThreads {
    const held = this.under.get(connection) ?? {
      threads: new LiveThreads({ ...this.options, connection }),
      views: 0
    };
    held.views++;
    this.under.set(connection, held);
    return held.threads;
  }

  /** The threads of a connection that some view shows; `null` if none does. */
  of(connection: SpecConnection): SpecThreads | null {
    const held = this.under.get(connection);
    return held && held.views > 0 ? held.threads : null;
  }

  /** One view less; after the last one it ends, once nothing is on its way to the server. */
  end(connection: SpecConnection): void {
    const held = this.under.get(connection);
    if (held && --held.views === 0) {
      this.closeIfDone(connection, held);
      held.threads.changed.add(() => this.closeIfDone(connection, held));
    }
  }

  private closeIfDone(connection: SpecConnection, held: Held): void {
    if (held.views === 0 && !held.threads.isBusy && this.under.get(connection) === held) {
      this.under.delete(connection);
      held.threads.dispose();
    }
  }
}
