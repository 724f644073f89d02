import { type ISignal, Signal } from '@lumino/signaling';

import type { SpecEntry } from './specs';

/** In how many threads of a spec somebody waits for the user's answer. */
export interface MentionCount {
  readonly specId: string;
  readonly title: string;
  readonly mentions: number;
}

/** Tells all parts of the page what lists of specs tell of threads that mention the user. */
export class MentionCounts {
  private readonly told = new Map<string, number>();
  private readonly change = new Signal<this, MentionCount>(this);

  /** Emits a count that is another one than before, and the first one of each spec. */
  get changed(): ISignal<this, MentionCount> {
    return this.change;
  }

  /** The server told of these specs. */
  heard(entries: readonly Pick<SpecEntry, 'specId' | 'title' | 'mentions'>[]): void {
    for (const { specId, title, mentions = 0 } of entries) {
      if ((this.told.get(specId) ?? 0) !== mentions) {
        this.told.set(specId, mentions);
        this.change.emit({ specId, title, mentions });
      }
    }
  }
}
