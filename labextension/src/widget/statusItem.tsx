import { type Popup, showPopup } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { type ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';

import type { ConnectionState, SpecConnection } from '../session';
import { stateText } from './stateText';
import { useConnection } from './useConnection';

/** How the spec that the user works in stands; a click shows more. */
export class StatusItem extends ReactWidget {
  private readonly changed = new Signal<this, void>(this);
  private shown: SpecConnection | null = null;
  private popup: Popup | null = null;

  constructor(private readonly trans: TranslationBundle) {
    super();
    this.addClass('jp-SpecStatus');
  }

  /** The connection of the spec that the user works in. */
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
    const body = ReactWidget.create(<Details connection={connection} trans={this.trans} />);
    body.addClass('jp-SpecStatus-details');
    body.node.tabIndex = -1;
    this.popup = showPopup({ body, anchor: this, align: 'right' });
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
      title={trans.__('How this spec stands. Click for details.')}
      onClick={open}
    >
      {stateText(state, trans)}
    </button>
  );
}

function Details({ connection, trans }: Props): JSX.Element {
  const state = useConnection(connection);
  return (
    <>
      <dl>
        {detailsOf(state, trans).map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
      {state.status === 'offline' && (
        <button className="jp-mod-styled" onClick={() => connection.reconnectNow()}>
          {trans.__('Reconnect now')}
        </button>
      )}
    </>
  );
}

function detailsOf(state: ConnectionState, trans: TranslationBundle): [string, string][] {
  const { roundTripMs } = state;
  const roles: Readonly<Record<string, string>> = {
    viewer: trans.__('viewer'),
    contributor: trans.__('contributor'),
    admin: trans.__('admin'),
    owner: trans.__('owner')
  };
  return [
    [trans.__('State'), stateText(state, trans)],
    [trans.__('Version'), String(state.version)],
    [trans.__('Your role'), roles[state.role ?? ''] ?? trans.__('none')],
    [trans.__('Round trip'), roundTripMs === null ? '–' : `${Math.round(roundTripMs)} ms`],
    [trans.__('Transport'), state.transport || '–']
  ];
}
