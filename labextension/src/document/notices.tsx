import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { mayEdit, type Role } from '../protocol';
import type { SpecConnection } from '../session';
import { ownRoleSentence } from '../ui/roleText';
import { useConnection } from '../ui/useConnection';
import { noticeOf } from './noticeContent';

/**
 * A line that tells of problems; empty while there are none.
 *
 * It stands below the text, so that the text stays where it is when a notice comes or goes. The announcer says
 * the same to screen readers.
 */
export class Notices extends ReactWidget {
  constructor(
    private readonly connection: SpecConnection,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-SpecNotices');
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
      <span>
        {notice.lead && <strong>{notice.lead} </strong>}
        {notice.text}
      </span>
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
 * A new viewer is told by the editor's read-only note above the text.
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
  if (!announced || announced !== role || !mayEdit(announced)) {
    return null;
  }
  const sentence = ownRoleSentence(announced, trans);
  return (
    <div className="jp-SpecNotice jp-mod-note">
      <span>{trans.__('Your role was changed. %1', sentence)}</span>
      <button className="jp-mod-styled" onClick={() => announce(null)}>
        {trans.__('Got it')}
      </button>
    </div>
  );
}
