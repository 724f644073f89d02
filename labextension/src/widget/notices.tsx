import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ConnectionState, SpecConnection } from '../session';
import { messageText, offlineAdvice } from './stateText';
import { useConnection } from './useConnection';

/** Codes after which trying again can help, once the user has done what the message asks. */
const RETRIABLE = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SPEC_FULL', 'TOO_MANY_SESSIONS'];

/** The line above the text for what its writer has to know; nothing is there while all is well. */
export class Notices extends ReactWidget {
  constructor(
    private readonly connection: SpecConnection,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-SpecNotices');
    this.node.setAttribute('role', 'status');
  }

  protected override render(): JSX.Element {
    return <Notice connection={this.connection} trans={this.trans} />;
  }
}

interface Props {
  readonly connection: SpecConnection;
  readonly trans: TranslationBundle;
}

function Notice({ connection, trans }: Props): JSX.Element | null {
  const state = useConnection(connection);
  const notice = noticeOf(state, trans);
  if (!notice) {
    return null;
  }
  return (
    <div className={`jp-SpecNotice jp-mod-${notice.kind}`}>
      <span>{notice.text}</span>
      {notice.canRetry && (
        <button className="jp-mod-styled" onClick={() => connection.reconnectNow()}>
          {trans.__('Reconnect now')}
        </button>
      )}
      {(state.status === 'ended' || connection.rescued !== null) && (
        <button className="jp-mod-styled" onClick={() => copyText(connection)}>
          {connection.rescued === null ? trans.__('Copy text') : trans.__('Copy my text')}
        </button>
      )}
      {notice.kind === 'note' && (
        <button className="jp-mod-styled" onClick={() => connection.dismissNotice()}>
          {trans.__('Got it')}
        </button>
      )}
    </div>
  );
}

function copyText(connection: SpecConnection): void {
  Clipboard.copyToSystem(connection.rescued ?? connection.document.toString());
}

interface Told {
  readonly kind: 'error' | 'offline' | 'note';
  readonly text: string;
  readonly canRetry: boolean;
}

/** A first failed try is not worth a line: most are over in a second. */
function noticeOf(state: ConnectionState, trans: TranslationBundle): Told | null {
  const { status, error, notice, attempts } = state;
  if (status === 'ended' && error) {
    const canRetry = RETRIABLE.includes(error.code);
    return { kind: 'error', text: messageText(error, trans), canRetry };
  }
  if (attempts > 1 && (status === 'offline' || status === 'connecting')) {
    return { kind: 'offline', text: offlineAdvice(state, trans), canRetry: true };
  }
  return notice && { kind: 'note', text: messageText(notice, trans), canRetry: false };
}
