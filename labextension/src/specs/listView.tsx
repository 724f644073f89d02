import type { TranslationBundle } from '@jupyterlab/translation';
import { deleteIcon, InputGroup, ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Rescues } from '../keeping';
import { inBackground } from '../ui/failure';
import type { SpecEntry } from '../server/specs';
import { ChoiceBar } from './choiceBar';
import { leavesOut } from './listChoice';
import { ListError, type ListActions, NoneChosen, NoSpecs, NothingFound } from './emptyStates';
import type { SpecList } from './list';
import { Row } from './row';

export interface ListViewOptions {
  readonly list: SpecList;
  readonly trans: TranslationBundle;
  /** A BCP 47 tag. */
  readonly locale: string;
  readonly rescues: Rescues;
  readonly actions: ListActions & {
    /** Shows the spec; where a search has found something in its text, there. */
    open(entry: SpecEntry, query: string): void;
    /** Whether the user may change the title. */
    mayRename(entry: SpecEntry): boolean;
    rename(specId: string, title: string): Promise<unknown>;
    /** The mouse was pressed on a row. */
    pressed(entry: SpecEntry, event: React.MouseEvent): void;
    /** Resolves when the spec is gone, or the user has thought better of it. */
    delete(specId: string): Promise<void>;
    showRescued(): void;
    showTrash(): void;
  };
}

/**
 * The search box and the rows. The arrow keys move between rows, Enter opens a spec, F2 renames it, Delete deletes it.
 */
export class SpecListView extends ReactWidget {
  private currentId: string | null = null;
  private renamingId: string | null = null;

  constructor(private readonly options: ListViewOptions) {
    super();
    this.addClass('jp-SpecList');
    options.list.changed.connect(() => this.update());
    options.rescues.subscribe(() => this.update());
  }

  /** Sets the current spec, whose row is highlighted. */
  set current(specId: string | null) {
    if (specId !== this.currentId) {
      this.currentId = specId;
      this.update();
    }
  }

  protected override render(): JSX.Element {
    const { list, rescues, trans, locale, actions } = this.options;
    const rescued = rescues.list.length;
    const { query, choice, facets, error, isLoaded, entries, hasMore, trashDays } = list.state;
    const isChosen = leavesOut(choice);
    const isEmpty = isLoaded && entries.length === 0;
    return (
      <>
        <div className="jp-SpecList-search">
          <InputGroup
            type="search"
            value={query}
            placeholder={trans.__('Search specs')}
            aria-label={trans.__('Search specs')}
            rightIcon="ui-components:search"
            onChange={event => list.search((event.target as HTMLInputElement).value)}
            onKeyDown={event => this.onSearchKey(event)}
          />
        </div>
        {(entries.length > 0 || isChosen) && (
          <ChoiceBar
            choice={choice}
            facets={facets}
            trans={trans}
            choose={chosen => list.choose(chosen)}
          />
        )}
        {rescued > 0 && (
          <button
            className="jp-mod-styled jp-SpecList-rescued"
            onClick={() => actions.showRescued()}
          >
            {trans.__('Rescued edits (%1)', rescued)}
          </button>
        )}
        {error && <ListError trans={trans} refresh={() => list.refreshSoon()} error={error} />}
        {isEmpty && !query && !isChosen && <NoSpecs trans={trans} actions={actions} />}
        {isEmpty && !query && isChosen && <NoneChosen trans={trans} />}
        {isEmpty && query && <NothingFound trans={trans} query={query} />}
        {!isLoaded && !error && <p className="jp-SpecList-empty">{trans.__('Loading…')}</p>}
        <ul
          className="jp-SpecList-rows"
          aria-label={trans.__('Specs')}
          onKeyDown={event => this.onKey(event)}
        >
          {entries.map((entry, index) => (
            <Row
              key={entry.specId}
              entry={entry}
              isCurrent={entry.specId === this.currentId}
              isFocusable={index === this.focusableIndex()}
              trans={trans}
              locale={locale}
              query={query}
              isRenaming={entry.specId === this.renamingId}
              open={() => actions.open(entry, query)}
              rename={title => this.renamed(entry, index, title)}
              pressed={event => actions.pressed(entry, event)}
            />
          ))}
        </ul>
        {hasMore && (
          <button className="jp-mod-styled jp-SpecList-more" onClick={() => list.showMore()}>
            {trans.__('Show more')}
          </button>
        )}
        {trashDays !== null && trashDays > 0 && (
          <button className="jp-SpecList-trash" onClick={() => actions.showTrash()}>
            <deleteIcon.react tag="span" />
            {trans.__('Trash')}
          </button>
        )}
      </>
    );
  }

  /** Sets the focus to the way into the trash. */
  focusTrash(): void {
    this.node.querySelector<HTMLElement>('.jp-SpecList-trash')?.focus();
  }

  /** Lets the user change a title in its place; `false` if its row isn't there, or they may not. */
  rename(specId: string): boolean {
    const entry = this.options.list.find(specId);
    if (!entry || !this.isVisible || !this.options.actions.mayRename(entry)) {
      return false;
    }
    this.renamingId = specId;
    this.update();
    return true;
  }

  private renamed(entry: SpecEntry, index: number, title: string | null): void {
    this.renamingId = null;
    this.update();
    this.focusRow(index);
    const renamed = title?.trim();
    if (renamed && renamed !== entry.title) {
      inBackground(this.options.actions.rename(entry.specId, renamed));
    }
  }

  /** From the search to what it has found. */
  private onSearchKey(event: React.KeyboardEvent): void {
    const { entries, query } = this.options.list.state;
    const [first] = entries;
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      rowsIn(this.node)[0]?.focus();
    } else if (event.key === 'Enter' && query && first) {
      event.preventDefault();
      this.options.actions.open(first, query);
    }
  }

  private onKey(event: React.KeyboardEvent<HTMLUListElement>): void {
    const index = rowsIn(this.node).indexOf(document.activeElement as HTMLElement);
    const entry = this.options.list.state.entries[index];
    if (event.key === 'F2' && entry) {
      event.preventDefault();
      event.stopPropagation();
      this.rename(entry.specId);
      return;
    }
    if (event.key !== 'Delete' || !entry) {
      moveFocus(event);
      return;
    }
    event.preventDefault();
    inBackground(this.options.actions.delete(entry.specId).then(() => this.focusRow(index)));
  }

  /** Sets the focus to the row that has taken the place of a deleted one. */
  private focusRow(index: number): void {
    requestAnimationFrame(() => {
      const rows = rowsIn(this.node);
      if (document.activeElement === document.body) {
        rows[Math.min(index, rows.length - 1)]?.focus();
      }
    });
  }

  /** Only one row is in the tab order; the arrow keys move on from it. */
  private focusableIndex(): number {
    const { entries } = this.options.list.state;
    return Math.max(
      0,
      entries.findIndex(entry => entry.specId === this.currentId)
    );
  }
}

const STEPS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index, count) => Math.min(index + 1, count - 1),
  ArrowUp: index => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, count) => count - 1
};

function rowsIn(node: Element): HTMLElement[] {
  return Array.from(node.querySelectorAll<HTMLElement>('.jp-SpecRow'));
}

function moveFocus(event: React.KeyboardEvent<HTMLUListElement>): void {
  const step = STEPS[event.key];
  const rows = rowsIn(event.currentTarget);
  const index = rows.indexOf(document.activeElement as HTMLElement);
  if (step && index >= 0) {
    event.preventDefault();
    rows[step(index, rows.length)]?.focus();
  }
}
