import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { OFF, type TintChoice, type TintMemory } from './choice';
import type { SpecAuthors } from './specAuthors';

export interface TintOptions {
  readonly specId: string;
  readonly memory: TintMemory;
  /** Loads the code that tells who wrote what, and begins with a choice; `null` if the spec was closed meanwhile. */
  begin(choice: TintChoice): Promise<SpecAuthors | null>;
  /** Tells the user that it could not be loaded. */
  failed(error: unknown): void;
}

/** Whether it is told who wrote what in a spec, and how. What tells it is loaded when it is switched on first. */
export class Tint implements IDisposable {
  private chosen: TintChoice;
  private authors: SpecAuthors | null = null;
  private isLoading = false;
  private closed = false;
  private readonly change = new Signal<this, void>(this);

  constructor(private readonly options: TintOptions) {
    this.chosen = options.memory.choiceOf(options.specId);
    this.loadIfOn();
  }

  /** Emits when something else is chosen. */
  get changed(): ISignal<this, void> {
    return this.change;
  }

  get isDisposed(): boolean {
    return this.closed;
  }

  dispose(): void {
    if (!this.closed) {
      this.closed = true;
      this.authors?.dispose();
      Signal.clearData(this);
    }
  }

  get choice(): TintChoice {
    return this.authors?.choice ?? this.chosen;
  }

  /** Changes what is told; what is not named stays. */
  choose(change: Partial<TintChoice>): void {
    if (this.authors) {
      this.authors.choose(change);
    } else {
      this.chosen = { ...this.chosen, ...change };
      this.options.memory.keep(this.options.specId, this.chosen);
      this.change.emit();
      this.loadIfOn();
    }
  }

  private loadIfOn(): void {
    if (this.chosen.isOn && !this.isLoading) {
      this.isLoading = true;
      this.load()
        .catch((error: unknown) => {
          this.chosen = { ...this.chosen, isOn: OFF.isOn };
          this.options.failed(error);
        })
        .finally(() => {
          this.isLoading = false;
          this.change.emit();
        });
    }
  }

  private async load(): Promise<void> {
    const before = this.chosen;
    const authors = await this.options.begin(before);
    if (this.closed || !authors) {
      authors?.dispose();
      return;
    }
    if (this.chosen !== before) {
      authors.choose(this.chosen);
    }
    authors.changed.connect(() => this.change.emit());
    this.authors = authors;
  }
}
