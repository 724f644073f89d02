import type { IDisposable } from '@lumino/disposable';
import { Debouncer, Poll } from '@lumino/polling';
import { type ISignal, Signal } from '@lumino/signaling';

import type { SpecsApi } from '../server/specsApi';
import { SpecError } from '../server/error';
import type { SpecEntry } from '../server/entry';

/** Milliseconds between two looks at the server while the list is shown. */
const INTERVAL = 5000;
/** Milliseconds without a key before a search goes out. */
const SEARCH_PAUSE = 250;
const PAGE = 100;

/** What the list shows: a value, replaced by each change. */
export interface ListState {
  readonly entries: readonly SpecEntry[];
  readonly query: string;
  /** Whether the server has been heard at all; before that an empty list means nothing. */
  readonly isLoaded: boolean;
  readonly hasMore: boolean;
  readonly error: SpecError | null;
}

/** The specs that the user may see, as the server last told; looks anew by itself while it is watched. */
export class SpecList implements IDisposable {
  private current: ListState = {
    entries: [],
    query: '',
    isLoaded: false,
    hasMore: false,
    error: null
  };
  private shown = PAGE;
  private asked = 0;
  private readonly stateChanged = new Signal<this, ListState>(this);
  private readonly poll: Poll;
  private readonly searching = new Debouncer(() => this.refresh(), SEARCH_PAUSE);

  constructor(private readonly api: SpecsApi) {
    this.poll = new Poll({
      auto: false,
      name: 'jupyter-speccollab:list',
      factory: () => this.load(),
      frequency: { interval: INTERVAL, backoff: true, max: 60_000 },
      standby: 'when-hidden'
    });
  }

  get state(): ListState {
    return this.current;
  }

  get changed(): ISignal<this, ListState> {
    return this.stateChanged;
  }

  get isDisposed(): boolean {
    return this.poll.isDisposed;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.poll.dispose();
      this.searching.dispose();
      Signal.clearData(this);
    }
  }

  /** Looks at once and then again and again. */
  watch(): void {
    void this.poll.start();
    void this.refresh();
  }

  unwatch(): void {
    void this.poll.stop();
  }

  /** Resolves when the list is as new as the server; a failure stands in {@link state}. */
  async refresh(): Promise<void> {
    await this.load().catch(() => undefined);
  }

  search(query: string): void {
    this.shown = PAGE;
    this.set({ query });
    void this.searching.invoke();
  }

  showMore(): void {
    this.shown += PAGE;
    void this.refresh();
  }

  find(specId: string): SpecEntry | undefined {
    return this.current.entries.find(entry => entry.specId === specId);
  }

  /** An answer that is overtaken by a later question is dropped. */
  private async load(): Promise<void> {
    const question = ++this.asked;
    try {
      const found = await this.pages();
      if (question === this.asked) {
        this.set({ ...found, isLoaded: true, error: null });
      }
    } catch (error) {
      if (question === this.asked && error instanceof SpecError) {
        this.set({ error });
      }
      throw error;
    }
  }

  private async pages(): Promise<Pick<ListState, 'entries' | 'hasMore'>> {
    const entries: SpecEntry[] = [];
    let cursor: string | null = null;
    do {
      const { specs, nextCursor } = await this.api.list({
        q: this.current.query.trim(),
        limit: PAGE,
        ...(cursor ? { cursor } : {})
      });
      entries.push(...specs);
      cursor = nextCursor;
    } while (cursor && entries.length < this.shown);
    return { entries, hasMore: cursor !== null };
  }

  private set(changes: Partial<ListState>): void {
    this.current = { ...this.current, ...changes };
    this.stateChanged.emit(this.current);
  }
}
