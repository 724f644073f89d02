import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { fileNameOf } from '../markdown/fileName';
import { titleOf } from '../markdown/title';
import type { SpecConnection } from '../session';
import { unawaited } from '../ui/failure';
import { download } from '../ui/files';
import { endingText, messageText } from '../ui/messageText';
import { useConnection } from '../ui/useConnection';
import {
  lastTextSentence,
  unavailableAdvice,
  type UnavailableReason,
  unavailableReason,
  unavailableTitle
} from './unavailable';

export interface UnavailablePageOptions {
  readonly connection: SpecConnection;
  readonly trans: TranslationBundle;
  /** The user's login name; `null` if it isn't known. */
  login(): string | null;
  /** Creates a new spec with this title and text. */
  createSpec(title: string, content: string): void;
  /** Takes the spec out of the trash, and shows it again. */
  restore(): void;
}

/** Replaces the text of a spec that can't be shown; empty while the spec is available. */
export class UnavailablePage extends ReactWidget {
  constructor(private readonly options: UnavailablePageOptions) {
    super();
    this.addClass('jp-SpecAbsent-place');
    this.node.setAttribute('role', 'status');
  }

  /** Whether the spec is unavailable, so that this page stands in its place. */
  get isShown(): boolean {
    return unavailableReason(this.options.connection.state) !== null;
  }

  protected override render(): JSX.Element {
    const close = () => this.parent?.parent?.close();
    return <Page {...this.options} close={this.parent?.parent ? close : null} />;
  }
}

interface PageProps extends UnavailablePageOptions {
  readonly close: (() => void) | null;
}

function Page(props: PageProps): JSX.Element | null {
  const { connection, trans, login, createSpec, restore, close } = props;
  const state = useConnection(connection);
  const reason = unavailableReason(state);
  const text = reason ? lastText(reason, connection) : '';
  if (!reason) {
    return null;
  }
  const canRestore = reason === 'deleted' && state.role === 'owner' && canRetry(connection);
  const whyBarred = state.error ? endingText(state.error, trans) : '';
  const advice = unavailableAdvice(reason, { login: login(), whyBarred, canRestore }, trans);
  /** The title is looked for only now, since a quick click must not get another one. */
  const withTitle = (use: (title: string) => void) =>
    unawaited(
      titleOf(text, trans.__('Spec')).then(use),
      trans.__('The text could not be saved.'),
      trans
    );
  return (
    <section className="jp-SpecAbsent" aria-label={unavailableTitle(reason, trans)}>
      <h2>{unavailableTitle(reason, trans)}</h2>
      <p>{advice}</p>
      {state.notice && <p>{messageText(state.notice, trans)}</p>}
      {text && <p>{lastTextSentence(connection.rescued !== null, trans)}</p>}
      <div className="jp-SpecAbsent-actions">
        {canRestore && <Action label={trans.__('Restore')} run={restore} isFirst />}
        {text && (
          <>
            <Action label={trans.__('Copy text')} run={() => Clipboard.copyToSystem(text)} />
            <Action
              label={trans.__('Save as file')}
              run={() => withTitle(title => download(text, fileNameOf(title)))}
            />
            <Action
              label={trans.__('Save as new spec')}
              run={() => withTitle(title => createSpec(title, text))}
            />
          </>
        )}
        {canRetry(connection) && !canRestore && (
          <Action label={trans.__('Try again')} run={() => connection.reconnectNow()} />
        )}
        {close && <Action label={trans.__('Close')} run={close} />}
      </div>
      {text && (
        <pre tabIndex={0} aria-label={trans.__('Text of the spec')}>
          {text}
        </pre>
      )}
    </section>
  );
}

interface ActionProps {
  readonly label: string;
  /** Whether it is what most users want. */
  readonly isFirst?: boolean;
  run(): void;
}

function Action({ label, isFirst = false, run }: ActionProps): JSX.Element {
  return (
    <button className={`jp-mod-styled${isFirst ? ' jp-mod-accept' : ''}`} onClick={run}>
      {label}
    </button>
  );
}

/** Reconnecting would hide edits that were not sent. */
function canRetry(connection: SpecConnection): boolean {
  return connection.rescued === null;
}

/** The text that the user can get nowhere else; empty if there is none. */
function lastText(reason: UnavailableReason, { rescued, document }: SpecConnection): string {
  return rescued ?? (reason === 'deleted' ? document.toString() : '');
}
