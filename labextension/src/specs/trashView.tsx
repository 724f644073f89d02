import type { TranslationBundle } from '@jupyterlab/translation';
import { caretLeftIcon, InputGroup, ReactWidget } from '@jupyterlab/ui-components';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import type { SpecEntry } from '../server/specs';
import { ListError } from './emptyStates';
import type { SpecList } from './list';
import { TrashRow } from './trashRow';
import { trashSentence } from './trashText';

export interface TrashViewOptions {
  readonly trash: SpecList;
  readonly trans: TranslationBundle;
  /** A BCP 47 tag. */
  readonly locale: string;
  /** Each resolves to whether the spec has left the trash. */
  restore(entry: SpecEntry): Promise<boolean>;
  end(entry: SpecEntry): Promise<boolean>;
  /** Shows the list of specs again. */
  leave(): void;
}

/** The trash of the Specs sidebar. Escape goes back to the list; the arrow keys go from row to row. */
export class TrashView extends ReactWidget {
  /** Whether the focus has to go to the way back as soon as that is in the page. */
  private isEntering = false;

  constructor(private readonly options: TrashViewOptions) {
    super();
    this.addClass('jp-SpecList');
    this.addClass('jp-SpecTrash');
    this.hide();
    options.trash.changed.connect(() => this.update());
  }

  /** Shows the trash, with the focus on the way back. */
  enter(): void {
    this.show();
    this.options.trash.watch();
    this.isEntering = true;
    this.update();
  }

  /** Hides it. */
  leave(): void {
    this.options.trash.unwatch();
    this.hide();
  }

  protected override render(): JSX.Element {
    const { trash, trans, locale, leave } = this.options;
    const { query, error, isLoaded, entries, hasMore, trashDays } = trash.state;
    const isEmpty = isLoaded && entries.length === 0;
    const refresh = () => trash.refreshSoon();
    return (
      <div
        className="jp-SpecTrash-page"
        onKeyDown={event => event.key === 'Escape' && !query && leave()}
      >
        <button
          className="jp-SpecTrash-back"
          onClick={leave}
          ref={button => this.enteredAt(button)}
        >
          <caretLeftIcon.react tag="span" />
          {trans.__('All specs')}
        </button>
        <h2>{trans.__('Trash')}</h2>
        <p className="jp-SpecTrash-about">{trashSentence(trashDays, trans)}</p>
        {(query !== '' || entries.length > 5) && (
          <div className="jp-SpecList-search">
            <InputGroup
              type="search"
              value={query}
              placeholder={trans.__('Search the trash')}
              aria-label={trans.__('Search the trash')}
              rightIcon="ui-components:search"
              onChange={event => trash.search((event.target as HTMLInputElement).value)}
            />
          </div>
        )}
        {error && <ListError trans={trans} refresh={refresh} error={error} />}
        {isEmpty && (
          <p className="jp-SpecList-empty">
            {query
              ? trans.__('Nothing in the trash matches “%1”.', query)
              : trans.__('Nothing is in the trash.')}
          </p>
        )}
        {!isLoaded && !error && <p className="jp-SpecList-empty">{trans.__('Loading…')}</p>}
        <ul className="jp-SpecList-rows" aria-label={trans.__('Trash')} onKeyDown={moveFocus}>
          {entries.map(entry => (
            <TrashRow
              key={entry.specId}
              entry={entry}
              trans={trans}
              locale={locale}
              restore={() => this.act(entry, () => this.options.restore(entry))}
              end={() => this.act(entry, () => this.options.end(entry))}
            />
          ))}
        </ul>
        {hasMore && (
          <button className="jp-mod-styled jp-SpecList-more" onClick={() => trash.showMore()}>
            {trans.__('Show more')}
          </button>
        )}
      </div>
    );
  }

  /** After an action the focus goes to the row that takes the place of its row. */
  private act(entry: SpecEntry, run: () => Promise<boolean>): void {
    const index = this.options.trash.state.entries.indexOf(entry);
    const done = run().then(async isGone => {
      if (isGone && this.isVisible) {
        MessageLoop.sendMessage(this, Widget.Msg.UpdateRequest);
        await this.renderPromise; // the row is gone
        this.focusRow(index);
      }
    });
    done.catch(() => undefined); // the actions tell of their failures themselves
  }

  private focusRow(index: number): void {
    const rows = rowsIn(this.node);
    const row = rows[Math.min(index, rows.length - 1)];
    (row ?? this.node.querySelector<HTMLElement>('.jp-SpecTrash-back'))?.focus();
  }

  /** React calls it whenever it has drawn the page. */
  private enteredAt(wayBack: HTMLElement | null): void {
    if (this.isEntering && wayBack) {
      this.isEntering = false;
      wayBack.focus();
    }
  }
}

/** The first button of each row. */
function rowsIn(node: Element): HTMLElement[] {
  return Array.from(node.querySelectorAll<HTMLElement>('.jp-SpecTrash-row button:first-of-type'));
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function moveFocus(event: React.KeyboardEvent<HTMLUListElement>): void {
  const step = STEPS[event.key];
  const row = (event.target as Element).closest('.jp-SpecTrash-row');
  const next = step === 1 ? row?.nextElementSibling : row?.previousElementSibling;
  if (step && next) {
    event.preventDefault();
    const place = event.target instanceof Element ? event.target.getAttribute('data-action') : '';
    next.querySelector<HTMLElement>(`[data-action="${place}"]`)?.focus();
  }
}
