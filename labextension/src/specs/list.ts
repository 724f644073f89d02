import type { IDisposable } from '@lumino/disposable';
import { Debouncer, Poll } from '@lumino/polling';
import { type ISignal, Signal } from '@lumino/signaling';

import type { SpecNews } from '../protocol';
import { asSpecError, type SpecError } from '../server/error';
import type { Facets, SpecEntry, SpecsApi } from '../server/specs';
import { EVERYTHING, type ListChoice } from './listChoice';

/** Milliseconds between two requests while the list is shown. */
const INTERVAL = 5000;
/** Milliseconds without a key press before a search is sent. */
const SEARCH_PAUSE = 250;
/** Entries per request, and entries that "Show more" adds. */
const PAGE = 100;

/** What the list shows; each change replaces the whole value. */
export interface ListState {
  readonly entries: readonly SpecEntry[];
  readonly query: string;
  readonly choice: ListChoice;
  readonly facets: Facets;
  /** Whether the server has answered; before that the list is empty because nothing is known. */
  readonly isLoaded: boolean;
  readonly hasMore: boolean;
  readonly error: SpecError | null;
  /** For how many days the server keeps deleted specs; `null` until it has answered. */
  readonly trashDays: number | null;
}

/** The specs that the user may see, as last loaded; refreshed regularly between `watch()` and `unwatch()`. */
export class SpecList implements IDisposable {
  private current: ListState = {
    entries: [],
    query: '',
    choice: EVERYTHING,
    facets: { status: {}, type: {} },
    isLoaded: false,
    hasMore: false,
    error: null,
    trashDays: null
  };
  private shown = PAGE;
  /** The number of requests so far. */
  private requests = 0;
  /** News that came after the last request was sent, by the id of the spec: its answer may be older. */
  private readonly recent = new Map<string, SpecNews>();
  private readonly stateChanged = new Signal<this, ListState>(this);
  private readonly poll: Poll;
  private readonly searching = new Debouncer(() => this.refresh(), SEARCH_PAUSE);

  /** `failed` is called with an error that the list does not show itself. */
  constructor(
    private readonly api: Pick<SpecsApi, 'list'>,
    private readonly failed: (error: unknown) => void
  ) {
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

  /** Refreshes the list now and then at regular intervals. */
  watch(): void {
    this.poll.start().catch(this.failed);
    this.refreshSoon();
  }

  unwatch(): void {
    this.poll.stop().catch(this.failed);
  }

  /** Resolves when the list was loaded; an error is stored in {@link state}. */
  async refresh(): Promise<void> {
    await this.load().catch(() => undefined);
  }

  refreshSoon(): void {
    this.refresh().catch(this.failed);
  }

  search(query: string): void {
    this.shown = PAGE;
    this.set({ query });
    this.searching.invoke().catch(this.failed);
  }

  /** Sorts the list, or leaves specs out. */
  choose(choice: ListChoice): void {
    this.shown = PAGE;
    this.set({ choice });
    this.refreshSoon();
  }

  showMore(): void {
    this.shown += PAGE;
    this.refreshSoon();
  }

  find(specId: string): SpecEntry | undefined {
    return this.current.entries.find(entry => entry.specId === specId);
  }

  /** Shows a change that the server told about, whether the list is shown or not. */
  take(specId: string, news: SpecNews): void {
    this.recent.set(specId, news);
    this.set({ entries: this.current.entries.map(entry => this.withNews(entry)) });
  }

  private withNews(entry: SpecEntry): SpecEntry {
    const news = this.recent.get(entry.specId);
    if (!news) {
      return entry;
    }
    const { title, description, type, status, lastModified } = news;
    return { ...entry, title, description, type, status, lastModified };
  }

  /** Drops the response if a later request has been sent meanwhile. */
  private async load(): Promise<void> {
    const request = ++this.requests;
    this.recent.clear();
    try {
      const found = await this.pages();
      if (request === this.requests) {
        const entries = found.entries.map(entry => this.withNews(entry));
        this.set({ ...found, entries, isLoaded: true, error: null });
      }
    } catch (error) {
      if (request === this.requests) {
        this.set({ error: asSpecError(error) });
      }
      throw error;
    }
  }

  private async pages(): Promise<Pick<ListState, 'entries' | 'hasMore' | 'trashDays' | 'facets'>> {
    const entries: SpecEntry[] = [];
    let cursor: string | null = null;
    let days = 0;
    let { facets } = this.current;
    const { sort, status, type, mine, unread } = this.current.choice;
    do {
      const {
        specs,
        nextCursor,
        trashDays = 0,
        facets: counted
      } = await this.api.list({
        q: this.current.query.trim(),
        limit: PAGE,
        sort,
        status,
        type,
        mine,
        unread,
        ...(cursor ? { cursor } : { facets: true })
      });
      entries.push(...specs);
      cursor = nextCursor;
      days = trashDays;
      facets = counted ?? facets;
    } while (cursor && entries.length < this.shown);
    return { entries, hasMore: cursor !== null, trashDays: days, facets };
  }

  private set(changes: Partial<ListState>): void {
    this.current = { ...this.current, ...changes };
    this.stateChanged.emit(this.current);
  }
}
