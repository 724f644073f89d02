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
    const held = this.under.get(connection) ?? this.opened(connection);
    held.views++;
    return held.threads;
  }

  /** One view less; after the last one it ends, once nothing is on its way to the server. */
  end(connection: SpecConnection): void {
    const held = this.under.get(connection);
    if (held) {
      held.views--;
      this.closeIfDone(connection, held);
    }
  }

  private opened(connection: SpecConnection): Held {
    const held = { threads: new LiveThreads({ ...this.options, connection }), views: 0 };
    this.under.set(connection, held);
    held.threads.changed.add(() => this.closeIfDone(connection, held));
    return held;
  }

  private closeIfDone(connection: SpecConnection, held: Held): void {
    const isOpen = this.under.get(connection) === held;
    if (isOpen && held.views === 0 && !held.threads.isBusy) {
      this.under.delete(connection);
      held.threads.dispose();
    }
  }
}
