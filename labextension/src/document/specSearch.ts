import {
  GenericSearchProvider,
  type IBaseSearchProvider,
  type IReplaceOptions,
  type ISearchMatch,
  type ISearchProvider,
  type ISearchProviderFactory
} from '@jupyterlab/documentsearch';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

import { expanded, type Match, type Search, searchIn } from '../editor';
import { SpecDocument } from './document';

/** JupyterLab's search panel for specs. */
export const specSearch: ISearchProviderFactory = {
  isApplicable: (widget): widget is Widget => widget instanceof SpecDocument,
  createNew: widget => new SpecSearchProvider(widget as SpecDocument)
};

/** Passes on what the panel asks for to the search of a spec's editor. */
class SpecSearchProvider implements ISearchProvider {
  readonly replaceOptionsSupport = { preserveCase: true };
  /** Nothing is emitted: after this signal the panel would search anew from the caret. */
  readonly stateChanged: ISignal<IBaseSearchProvider, void> = new Signal<this, void>(this);
  /** Emitted where the panel has something else to show: another number of matches, or another role. */
  readonly filtersChanged = new Signal<this, void>(this);
  isDisposed = false;
  private readonly stops: readonly (() => void)[];

  constructor(private readonly document: SpecDocument) {
    const changed = () => this.filtersChanged.emit();
    const { connection, content } = document;
    let { canEdit } = connection.state;
    const followRole = () => {
      if (connection.state.canEdit !== canEdit) {
        ({ canEdit } = connection.state);
        changed();
      }
    };
    this.stops = [
      connection.subscribe(followRole),
      searchIn(content.editor)?.onChange(changed) ?? (() => undefined)
    ];
  }

  /** Whether replacing is not offered: for viewers, and while nobody can edit. */
  get isReadOnly(): boolean {
    return !this.document.connection.state.canEdit;
  }

  get currentMatchIndex(): number | null {
    return this.search?.index ?? null;
  }

  get matchesCount(): number {
    return this.search?.count ?? 0;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.isDisposed = true;
      this.stops.forEach(stop => stop());
      Signal.clearData(this);
    }
  }

  /** What is selected, if it is on one line. */
  getInitialQuery(): string {
    const { state } = this.document.content.editor;
    const { from, to } = state.selection.main;
    const selected = state.sliceDoc(from, to);
    return selected.includes('\n') ? '' : selected;
  }

  async startQuery(query: RegExp | null): Promise<void> {
    if (query) {
      this.search?.start(query);
    } else {
      this.search?.end();
    }
  }

  async endQuery(): Promise<void> {
    this.search?.end();
  }

  async clearHighlight(): Promise<void> {
    this.search?.end();
  }

  async highlightNext(): Promise<ISearchMatch | undefined> {
    this.search?.next();
    return undefined;
  }

  async highlightPrevious(): Promise<ISearchMatch | undefined> {
    this.search?.previous();
    return undefined;
  }

  async replaceCurrentMatch(
    replacement: string,
    _loop?: boolean,
    options: IReplaceOptions = {}
  ): Promise<boolean> {
    return this.search?.replace(match => replaced(match, replacement, options)) ?? false;
  }

  async replaceAllMatches(replacement: string, options: IReplaceOptions = {}): Promise<boolean> {
    return !!this.search?.replaceAll(match => replaced(match, replacement, options));
  }

  private get search(): Search | null {
    const { content } = this.document;
    return content.isDisposed ? null : searchIn(content.editor);
  }
}

function replaced(match: Match, replacement: string, options: IReplaceOptions): string {
  const text = options.regularExpression ? expanded(replacement, match) : replacement;
  return options.preserveCase ? GenericSearchProvider.preserveCase(match.found[0], text) : text;
}
