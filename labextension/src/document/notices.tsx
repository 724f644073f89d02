import type { EditorView } from '@codemirror/view';
import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  bellIcon,
  checkIcon,
  closeIcon,
  errorIcon,
  type LabIcon,
  offlineBoltIcon,
  ReactWidget,
  refreshIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Role } from '../protocol';
import type { SpecConnection } from '../session';
import { newRoleSentences } from '../ui/roleText';
import { useConnection } from '../ui/useConnection';
import { type NoticeContent, noticeOf } from './noticeContent';
import { NoticePlace } from './noticePlace';

export interface NoticesOptions {
  readonly connection: SpecConnection;
  readonly trans: TranslationBundle;
  readonly editor: EditorView;
  /** Shows the edits in this browser that could not be sent. */
  showRescued(): void;
}

/**
 * A card over the text that tells what is not well, and when it is well again; nothing while there is nothing to
 * tell.
 *
 * The text keeps its place when a card comes or goes. The announcer says the same to screen readers.
 */
export class Notices extends ReactWidget {
  private readonly place: NoticePlace;

  constructor(private readonly options: NoticesOptions) {
    super();
    this.addClass('jp-SpecNotices');
    this.place = new NoticePlace(this.node, options.editor);
  }

  override dispose(): void {
    this.place.dispose();
    super.dispose();
  }

  protected override render(): JSX.Element {
    return <Cards {...this.options} drawn={() => this.place.update()} />;
  }
}

interface Props extends NoticesOptions {
  /** A card came, changed or went. */
  drawn(): void;
}

function Cards({ connection, trans, showRescued, drawn }: Props): JSX.Element {
  const state = useConnection(connection);
  const notice = noticeOf(state, trans);
  const [hidden, hide] = React.useState('');
  const [role, forgetRole] = useRoleChange(state.role);
  const isShown = notice !== null && notice.event !== hidden;
  React.useLayoutEffect(drawn);
  React.useEffect(() => {
    if (notice?.event !== hidden) {
      hide('');
    }
  }, [notice?.event]);
  return (
    <>
      {isShown && (
        <Notice
          connection={connection}
          trans={trans}
          notice={notice}
          showRescued={showRescued}
          hide={() => (notice.kind === 'note' ? connection.dismissNotice() : hide(notice.event))}
        />
      )}
      {!isShown && role && (
        <Card
          kind="note"
          lead={trans.__('Your role was changed.')}
          text={newRoleSentences(role, trans)}
          next=""
          hide={{ label: trans.__('Hide'), run: forgetRole }}
        />
      )}
    </>
  );
}

interface NoticeProps extends Pick<Props, 'connection' | 'trans' | 'showRescued'> {
  readonly notice: NoticeContent;
  hide(): void;
}

function Notice({ connection, trans, notice, showRescued, hide }: NoticeProps): JSX.Element {
  const { rescued } = connection;
  const mayCopy = rescued !== null || notice.kind === 'error';
  const isUnstored = notice.kind === 'note' && notice.isRescue && rescued !== null;
  const text = isUnstored
    ? trans.__('Your last edits were not sent, and this browser can’t store them: copy your text.')
    : notice.rest.join(' ');
  return (
    <Card
      kind={notice.kind}
      lead={notice.lead}
      text={text}
      next={notice.next}
      hide={notice.kind === 'error' ? null : { label: trans.__('Hide'), run: hide }}
    >
      {notice.canRetry && (
        <button className="jp-mod-styled" onClick={() => connection.reconnectNow()}>
          {trans.__('Reconnect now')}
        </button>
      )}
      {notice.isRescue && !isUnstored && (
        <button className="jp-mod-styled" onClick={showRescued}>
          {trans.__('Show')}
        </button>
      )}
      {mayCopy && (
        <button
          className="jp-mod-styled"
          onClick={() => Clipboard.copyToSystem(rescued ?? connection.document.toString())}
        >
          {rescued === null ? trans.__('Copy text') : trans.__('Copy my text')}
        </button>
      )}
    </Card>
  );
}

const ICONS: Readonly<Record<NoticeContent['kind'], LabIcon>> = {
  error: errorIcon,
  trouble: offlineBoltIcon,
  note: bellIcon,
  sending: refreshIcon,
  saved: checkIcon
};

interface CardProps {
  readonly kind: NoticeContent['kind'];
  readonly lead: string;
  readonly text: string;
  /** What counts down, on a line of its own, so that nothing else moves. */
  readonly next: string;
  readonly hide: { readonly label: string; run(): void } | null;
  readonly children?: React.ReactNode;
}

function Card({ kind, lead, text, next, hide, children }: CardProps): JSX.Element {
  const Icon = ICONS[kind].react;
  return (
    <div className={`jp-SpecNotice jp-mod-${kind}`}>
      <Icon className="jp-SpecNotice-icon" tag="span" aria-hidden="true" />
      <p>
        {lead && <strong>{lead} </strong>}
        {text} {next && <span className="jp-SpecNotice-next">{next}</span>}
      </p>
      <div className="jp-SpecNotice-actions">{children}</div>
      {hide && (
        <button
          className="jp-SpecNotice-hide"
          title={hide.label}
          aria-label={hide.label}
          onClick={hide.run}
        >
          <closeIcon.react tag="span" aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

/** The user's role, from when it has changed while the spec was open; and a function that forgets the change. */
function useRoleChange(role: Role | null): [Role | null, () => void] {
  const previous = React.useRef(role);
  const [changed, change] = React.useState<Role | null>(null);
  React.useEffect(() => {
    if (role && previous.current && role !== previous.current) {
      change(role);
    }
    previous.current = role ?? previous.current;
  }, [role]);
  return [changed === role ? changed : null, () => change(null)];
}
