import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Role } from '../protocol';
import type { ConnectionState, SpecConnection } from '../session';
import { messageText } from '../ui/messageText';
import { ownRoleSentence } from '../ui/roleText';
import { offlineAdvice } from '../ui/stateText';
import { useConnection } from '../ui/useConnection';
import { unavailableReason } from './unavailable';

/** Error codes after which reconnecting may succeed once the user has followed the message. */
const RETRIABLE = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SPEC_FULL', 'TOO_MANY_SESSIONS'];

/** A line above the text that tells of problems; empty while there are none. */
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
 * Tells the user that their role has changed while the spec was open.
 *
 * A new viewer gets the message through the screen reader only, since the editor's read-only note says the same
 * above the text.
 */
function RoleChange({ connection, trans }: Props): JSX.Element | null {
  const { role } = useConnection(connection);
  const previous = React.useRef(role);
  const [announced, announce] = React.useState<Role | null>(null);
  React.useEffect(() => {
    if (role && previous.current && role !== previous.current) {
      announce(role);
    }
    previous.current = role ?? previous.current;
  }, [role]);
  if (!announced || announced !== role) {
    return null;
  }
  const sentence = ownRoleSentence(announced, trans);
  if (announced === 'viewer') {
    return <span className="jp-Spec-heard">{sentence}</span>;
  }
  return (
    <div className="jp-SpecNotice jp-mod-note">
      <span>{trans.__('Your role was changed. %1', sentence)}</span>
      <button className="jp-mod-styled" onClick={() => announce(null)}>
        {trans.__('Got it')}
      </button>
    </div>
  );
}

interface NoticeContent {
  readonly kind: 'error' | 'offline' | 'note';
  readonly text: string;
  readonly canRetry: boolean;
}

/** The first failed attempt to connect shows no notice, since the second one mostly succeeds within a second. */
function noticeOf(state: ConnectionState, trans: TranslationBundle): NoticeContent | null {
  const { status, error, notice, attempts } = state;
  if (unavailableReason(state)) {
    return null; // The unavailable page tells the reason.
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
