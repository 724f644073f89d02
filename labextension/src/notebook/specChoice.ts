import { Debouncer } from '@lumino/polling';
import { Signal } from '@lumino/signaling';

import type { CollaboratorsApi } from '../server/collaborators';
import { nameOf } from '../server/collaborators';
import { asSpecError, type SpecError } from '../server/error';
import type { SpecEntry, SpecsApi } from '../server/specs';
import { logged } from '../ui/failure';

/** Milliseconds without a key press before a search is sent. */
const SEARCH_PAUSE = 200;
/** Specs that are shown at most; a search finds the others. */
const SHOWN = 100;

/** What the chooser shows; each change replaces the whole value. */
export interface ChoiceState {
  /** Those that name the notebook come first. */
  readonly entries: readonly SpecEntry[];
  /** The ids of the specs that name the notebook in their front matter. */
  readonly tied: ReadonlySet<string>;
  readonly query: string;
  readonly selected: string | null;
  readonly isLoaded: boolean;
  readonly hasMore: boolean;
  readonly error: SpecError | null;
  /** Of specs with one title: the names of their owners, by the id of the spec. */
  readonly owners: ReadonlyMap<string, string>;
}

export interface ChoiceServices {
  readonly specs: Pick<SpecsApi, 'list'>;
  readonly collaborators: Pick<CollaboratorsApi, 'list'>;
}

/**
 * The specs to choose one from, for a notebook.
 *
 * Law: nothing is selected before the user does, but the spec that was chosen before, or the only one that names the
 * notebook (`specChoice.test.ts`).
 */
export class SpecChoice {
  readonly changed = new Signal<this, ChoiceState>(this);
  private current: ChoiceState;
  private requests = 0;
  private readonly searching = new Debouncer(() => this.load(), SEARCH_PAUSE);

  /** `tied` are the specs that name the notebook, `chosen` is the one that was chosen before. */
  constructor(
    private readonly services: ChoiceServices,
    private readonly tied: readonly SpecEntry[],
    chosen: string | null
  ) {
    const only = tied.length === 1 ? tied[0]!.specId : null;
    this.current = {
      entries: tied,
      tied: new Set(tied.map(({ specId }) => specId)),
      query: '',
      selected: chosen ?? only,
      isLoaded: false,
      hasMore: false,
      error: null,
      owners: new Map()
    };
  }

  get state(): ChoiceState {
    return this.current;
  }

  /** The selected spec, if it is among those that are shown. */
  get selected(): SpecEntry | null {
    const { entries, selected } = this.current;
    return entries.find(({ specId }) => specId === selected) ?? null;
  }

  dispose(): void {
    this.searching.dispose();
    Signal.clearData(this);
  }

  search(query: string): void {
    this.set({ query });
    this.searching.invoke().catch(logged);
  }

  select(specId: string): void {
    this.set({ selected: specId });
  }

  /** Selects the next spec, or the one before; the first if none is selected. */
  move(step: 1 | -1): void {
    const { entries } = this.current;
    const index = entries.findIndex(({ specId }) => specId === this.current.selected);
    const next = index < 0 ? 0 : Math.min(Math.max(index + step, 0), entries.length - 1);
    const entry = entries[next];
    if (entry) {
      this.select(entry.specId);
    }
  }

  async load(): Promise<void> {
    const request = ++this.requests;
    const q = this.current.query.trim();
    try {
      const { specs, nextCursor } = await this.services.specs.list({ q, limit: SHOWN });
      if (request !== this.requests) {
        return;
      }
      const first = q ? specs.filter(({ specId }) => this.current.tied.has(specId)) : this.tied;
      const rest = specs.filter(({ specId }) => !this.current.tied.has(specId));
      const entries = [...first, ...rest];
      this.set({ entries, hasMore: nextCursor !== null, isLoaded: true, error: null });
      await this.tellTwinsApart();
    } catch (error) {
      if (request === this.requests) {
        this.set({ error: asSpecError(error), isLoaded: true });
      }
    }
  }

  private async tellTwinsApart(): Promise<void> {
    const twins = twinsAmong(this.current.entries).filter(id => !this.current.owners.has(id));
    await Promise.all(
      twins.map(async specId => {
        const owners = await this.ownersOf(specId);
        this.set({ owners: new Map([...this.current.owners, [specId, owners]]) });
      })
    );
  }

  /** Their names; empty if they can't be read, which the list does not need. */
  private async ownersOf(specId: string): Promise<string> {
    try {
      const { collaborators } = await this.services.collaborators.list(specId);
      return collaborators
        .filter(({ role }) => role === 'owner')
        .map(nameOf)
        .join(', ');
    } catch (error) {
      logged(error);
      return '';
    }
  }

  private set(changes: Partial<ChoiceState>): void {
    this.current = { ...this.current, ...changes };
    this.changed.emit(this.current);
  }
}

/** The ids of the specs whose title another one has, too. */
export function twinsAmong(entries: readonly SpecEntry[]): readonly string[] {
  const key = (title: string) => title.trim().normalize('NFC').toLocaleLowerCase();
  const counts = new Map<string, number>();
  for (const { title } of entries) {
    counts.set(key(title), (counts.get(key(title)) ?? 0) + 1);
  }
  return entries.filter(({ title }) => counts.get(key(title))! > 1).map(({ specId }) => specId);
}
