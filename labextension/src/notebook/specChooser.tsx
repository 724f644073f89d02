import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { InputGroup, ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { SpecEntry } from '../server/specs';
import { errorSentence } from '../ui/errorSentence';
import { relativeTime } from '../ui/relativeTime';
import { localeOf } from '../ui/translation';
import { type SpecChoice, twinsAmong } from './specChoice';

/** Digits of an id that tell two specs apart for a person. */
const DIGITS = 8;

/** What the user wants to see beside a notebook: a spec, or a new one. */
export type Chosen = { readonly spec: SpecEntry } | 'new';

/** Asks which spec belongs to a notebook; `null` if the user cancels. */
export async function chooseSpec(
  choice: SpecChoice,
  notebook: string,
  trans: TranslationBundle
): Promise<Chosen | null> {
  const body = new SpecChooser(choice, trans);
  const dialog = new ChooserDialog(choice, body, notebook, trans);
  body.chose.then(() => dialog.resolve(SHOW)).catch(() => undefined);
  const loading = choice.load();
  const result = await dialog.launch();
  await loading;
  const { selected } = choice;
  choice.dispose();
  if (result.button.label === trans.__('New spec…')) {
    return 'new';
  }
  return result.button.accept && selected ? { spec: selected } : null;
}

/** The places of the buttons. */
const NEW = 0;
const SHOW = 2;

/** A dialog that can be accepted only when a spec is selected. */
class ChooserDialog extends Dialog<null> {
  constructor(
    private readonly choice: SpecChoice,
    body: SpecChooser,
    notebook: string,
    trans: TranslationBundle
  ) {
    super({
      title: trans.__('Which spec belongs to “%1”?', notebook),
      body,
      focusNodeSelector: 'input',
      defaultButton: SHOW,
      buttons: [
        Dialog.okButton({
          label: trans.__('New spec…'),
          className: 'jp-SpecChooser-new',
          actions: [],
          displayType: 'default'
        }),
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Show') })
      ]
    });
    this.addClass('jp-SpecChooser-dialog');
    choice.changed.connect(() => this.updateButton());
    this.updateButton();
  }

  override resolve(index: number = SHOW): void {
    if (index !== SHOW || this.choice.selected) {
      super.resolve(index);
    }
  }

  private updateButton(): void {
    const buttons = this.node.querySelectorAll<HTMLElement>('.jp-Dialog-button');
    const isReady = this.choice.selected !== null;
    buttons[SHOW]?.setAttribute('aria-disabled', String(!isReady));
    buttons[SHOW]?.classList.toggle('jp-mod-styled-disabled', !isReady);
    buttons[NEW]?.classList.remove('jp-mod-accept');
  }
}

/** The search box and the specs. The arrow keys move the selection while one types. */
export class SpecChooser extends ReactWidget {
  /** Resolves when the user chose a spec by a double click. */
  readonly chose: Promise<void>;
  private choose: () => void = () => undefined;

  constructor(
    private readonly choice: SpecChoice,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-SpecChooser');
    this.chose = new Promise(resolve => (this.choose = resolve));
    choice.changed.connect(() => this.update());
  }

  protected override render(): JSX.Element {
    const { choice, trans } = this;
    const { entries, query, selected, isLoaded, hasMore, error } = choice.state;
    const twins = new Set(twinsAmong(entries));
    const active = choice.selected ? optionId(choice.selected.specId) : undefined;
    return (
      <>
        <InputGroup
          type="search"
          value={query}
          placeholder={trans.__('Search specs')}
          aria-label={trans.__('Search specs')}
          role="combobox"
          aria-expanded={true}
          aria-controls={LIST}
          aria-activedescendant={active}
          rightIcon="ui-components:search"
          onChange={event => choice.search((event.target as HTMLInputElement).value)}
          onKeyDown={event => moveOn(event, choice)}
        />
        <ul className="jp-SpecChooser-list" id={LIST} role="listbox" aria-label={trans.__('Specs')}>
          {entries.map(entry => (
            <Option
              key={entry.specId}
              entry={entry}
              isSelected={entry.specId === selected}
              details={this.details(entry, twins.has(entry.specId))}
              isTied={choice.state.tied.has(entry.specId)}
              trans={trans}
              select={() => choice.select(entry.specId)}
              choose={() => {
                choice.select(entry.specId);
                this.choose();
              }}
            />
          ))}
        </ul>
        <p className="jp-SpecChooser-note" role="status">
          {error
            ? errorSentence(error, trans.__('The specs could not be loaded.'), trans)
            : this.note(isLoaded, entries.length, hasMore, query)}
        </p>
      </>
    );
  }

  private note(isLoaded: boolean, count: number, hasMore: boolean, query: string): string {
    const { trans } = this;
    if (!isLoaded) {
      return trans.__('Loading…');
    }
    if (count === 0) {
      return query
        ? trans.__('No spec matches “%1”.', query)
        : trans.__('There are no specs yet. Make the first one.');
    }
    return hasMore ? trans.__('There are more. Type a part of the title.') : '';
  }

  /** Who changed a spec and when; of twins also whose it is, and the beginning of its id. */
  private details(entry: SpecEntry, isTwin: boolean): string {
    const { trans, choice } = this;
    const locale = localeOf(trans) ?? 'en';
    const ago = relativeTime(Date.parse(entry.lastModified), Date.now(), locale);
    const when = ago ?? trans.__('just now');
    const by = entry.lastModifiedByName;
    const changed = by ? trans.__('Changed by %1, %2', by, when) : trans.__('Changed %1', when);
    if (!isTwin) {
      return changed;
    }
    const owners = choice.state.owners.get(entry.specId);
    const whose = owners ? [trans.__('Owner: %1', owners)] : [];
    return [...whose, changed, entry.specId.slice(0, DIGITS)].join(' · ');
  }
}

const LIST = 'jp-SpecChooser-list';
const optionId = (specId: string) => `jp-SpecChooser-${specId}`;

interface OptionProps {
  readonly entry: SpecEntry;
  readonly isSelected: boolean;
  readonly isTied: boolean;
  readonly details: string;
  readonly trans: TranslationBundle;
  select(): void;
  choose(): void;
}

function Option(props: OptionProps): JSX.Element {
  const { entry, isSelected, isTied, details, trans, select, choose } = props;
  const node = React.useRef<HTMLLIElement>(null);
  React.useEffect(() => {
    if (isSelected) {
      node.current?.scrollIntoView?.({ block: 'nearest' });
    }
  }, [isSelected]);
  return (
    <li
      ref={node}
      id={optionId(entry.specId)}
      role="option"
      aria-selected={isSelected}
      className={`jp-SpecChooser-option${isSelected ? ' jp-mod-selected' : ''}`}
      onClick={select}
      onDoubleClick={choose}
    >
      <span className="jp-SpecChooser-title">{entry.title}</span>
      {isTied && <span className="jp-Spec-badge">{trans.__('names this notebook')}</span>}
      <span className="jp-SpecChooser-details">{details}</span>
    </li>
  );
}

function moveOn(event: React.KeyboardEvent, choice: SpecChoice): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
  if (step) {
    event.preventDefault();
    choice.move(step);
  }
}
