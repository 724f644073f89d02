import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Role } from '../protocol';
import type { ConnectionState, SpecConnection } from '../session';
import { ownRoleSentence } from '../sharing/words';
import { absenceOf } from './absence';
import { messageText, offlineAdvice } from '../status/stateText';
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
    const { connection, trans } = this;
    return (
      <>
        <Notice connection={connection} trans={trans} />
        <RoleChange connection={connection} trans={trans} />
      </>
    );
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

/**
 * Says that the user's role became another one while they looked. For who may only view from now on it is
 * merely heard, since a line above the text stays and says the same.
 */
function RoleChange({ connection, trans }: Props): JSX.Element | null {
  const { role } = useConnection(connection);
  const before = React.useRef(role);
  const [said, say] = React.useState<Role | null>(null);
  React.useEffect(() => {
    if (role && before.current && role !== before.current) {
      say(role);
    }
    before.current = role ?? before.current;
  }, [role]);
  if (!said || said !== role) {
    return null;
  }
  const sentence = ownRoleSentence(said, trans);
  if (said === 'viewer') {
    return <span className="jp-Spec-heard">{sentence}</span>;
  }
  return (
    <div className="jp-SpecNotice jp-mod-note">
      <span>{trans.__('Your role was changed. %1', sentence)}</span>
      <button className="jp-mod-styled" onClick={() => say(null)}>
        {trans.__('Got it')}
      </button>
    </div>
  );
}

interface Told {
  readonly kind: 'error' | 'offline' | 'note';
  readonly text: string;
  readonly canRetry: boolean;
}

/** A first failed try is not worth a line: most are over in a second. */
function noticeOf(state: ConnectionState, trans: TranslationBundle): Told | null {
  const { status, error, notice, attempts } = state;
  if (absenceOf(state)) {
    return null; // a page says so
  }
  if (status === 'ended' && error) {
    const canRetry = RETRIABLE.includes(error.code);
    return { kind: 'error', text: messageText(error, trans), canRetry };
  }
  if (attempts > 1 && (status === 'offline' || status === 'connecting')) {
    return { kind: 'offline', text: offlineAdvice(state, trans), canRetry: true };
  }
  return notice && { kind: 'note', text: messageText(notice, trans), canRetry: false };
}
