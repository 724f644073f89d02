import type { TranslationBundle } from '@jupyterlab/translation';
import { deleteIcon, InputGroup, ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Rescues } from '../keeping';
import { inBackground } from '../ui/failure';
import { ListError, type ListActions, NoSpecs, NothingFound } from './emptyStates';
import type { SpecList } from './list';
import { Row } from './row';

export interface ListViewOptions {
  readonly list: SpecList;
  readonly trans: TranslationBundle;
  /** A BCP 47 tag. */
  readonly locale: string;
  readonly rescues: Rescues;
  readonly actions: ListActions & {
    open(specId: string): void;
    /** Resolves when the spec is gone, or the user has thought better of it. */
    delete(specId: string): Promise<void>;
    showRescued(): void;
    showTrash(): void;
  };
}

/** The search box and the rows. The arrow keys move between rows, Enter opens a spec, Delete deletes it. */
export class SpecListView extends ReactWidget {
  private currentId: string | null = null;

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
    const { query, error, isLoaded, entries, hasMore, trashDays } = list.state;
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
          />
        </div>
        {rescued > 0 && (
          <button
            className="jp-mod-styled jp-SpecList-rescued"
            onClick={() => actions.showRescued()}
          >
            {trans.__('Rescued edits (%1)', rescued)}
          </button>
        )}
        {error && <ListError trans={trans} refresh={() => list.refreshSoon()} error={error} />}
        {isEmpty && !query && <NoSpecs trans={trans} actions={actions} />}
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
              open={() => actions.open(entry.specId)}
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

  private onKey(event: React.KeyboardEvent<HTMLUListElement>): void {
    const index = rowsIn(this.node).indexOf(document.activeElement as HTMLElement);
    const entry = this.options.list.state.entries[index];
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
