import { type Popup, showPopup } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { type ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';

import type { ConnectionState, SpecConnection } from '../session';
import { sentencesText, stateSentences, stateText } from '../ui/stateText';
import { useConnection } from '../ui/useConnection';
import { StatusDetails } from './statusDetails';

/** The state of the current spec's connection in the status bar; a click shows its details. */
export class StatusItem extends ReactWidget {
  private readonly changed = new Signal<this, void>(this);
  private shown: SpecConnection | null = null;
  private popup: Popup | null = null;

  constructor(private readonly trans: TranslationBundle) {
    super();
    this.addClass('jp-SpecStatus');
  }

  /** The connection of the current spec; `null` if the current widget is no spec. */
  get connection(): SpecConnection | null {
    return this.shown;
  }

  set connection(connection: SpecConnection | null) {
    if (connection !== this.shown) {
      this.shown = connection;
      this.popup?.dispose();
      this.changed.emit();
      this.update();
    }
  }

  get connectionChanged(): ISignal<this, void> {
    return this.changed;
  }

  protected override render(): JSX.Element | null {
    const { shown, trans } = this;
    return (
      shown && <Status connection={shown} trans={trans} open={() => this.showDetails(shown)} />
    );
  }

  private showDetails(connection: SpecConnection): void {
    this.popup?.dispose();
    const body = ReactWidget.create(<StatusDetails connection={connection} trans={this.trans} />);
    body.addClass('jp-SpecStatus-details');
    body.node.tabIndex = -1;
    body.node.setAttribute('role', 'dialog');
    body.node.setAttribute('aria-label', this.trans.__('How this spec stands'));
    const popup = showPopup({ body, anchor: this, align: 'right', hasDynamicSize: true });
    popup.disposed.connect(() => {
      if (body.node.contains(document.activeElement) || document.activeElement === document.body) {
        this.node.querySelector('button')?.focus();
      }
    });
    this.popup = popup;
    body.node.focus();
  }
}

interface Props {
  readonly connection: SpecConnection;
  readonly trans: TranslationBundle;
}

function Status({ connection, trans, open }: Props & { open(): void }): JSX.Element {
  const state = useConnection(connection);
  return (
    <button
      className={`jp-SpecStatus-text jp-mod-${state.status}`}
      title={titleFor(state, trans)}
      aria-haspopup="dialog"
      onClick={open}
    >
      {stateText(state, trans)}
    </button>
  );
}

function titleFor(state: ConnectionState, trans: TranslationBundle): string {
  const sentences = stateSentences(state, trans);
  return sentences
    ? sentencesText({ ...sentences, next: '' })
    : trans.__('How this spec stands. Click for details.');
}
