import { type ISignal, Signal } from '@lumino/signaling';

import type { SpecNews } from '../protocol';
import { asSpecError } from './error';
import type { SpecsApi } from './specs';

/** What is new in the entry of a spec. */
export interface EntryChange {
  readonly specId: string;
  readonly news: SpecNews;
}

/**
 * Tells all views of the page at once what others changed in the entries of open specs.
 *
 * Law (`entryNews.test.ts`): whatever was changed while a spec is open, or while its connection was lost, is told,
 * and nothing older after something newer.
 */
export class EntryNews {
  private readonly change = new Signal<this, EntryChange>(this);
  /** How often something was heard of each spec, or asked. */
  private readonly heardOf = new Map<string, number>();

  constructor(private readonly api: Pick<SpecsApi, 'get'>) {}

  get changed(): ISignal<this, EntryChange> {
    return this.change;
  }

  /** The server told about a change. */
  heard(specId: string, news: SpecNews): void {
    this.countUp(specId);
    this.change.emit({ specId, news });
  }

  /** A spec was joined, maybe after a loss, in which news may have been missed. */
  joined(specId: string): void {
    // After an error the next join asks again, and the widget itself shows why its spec is unavailable.
    this.ask(specId).catch(asSpecError);
  }

  private async ask(specId: string): Promise<void> {
    const count = this.countUp(specId);
    const entry = await this.api.get(specId);
    if (count === this.heardOf.get(specId)) {
      this.change.emit({ specId, news: entry });
    }
  }

  private countUp(specId: string): number {
    const count = (this.heardOf.get(specId) ?? 0) + 1;
    this.heardOf.set(specId, count);
    return count;
  }
}
