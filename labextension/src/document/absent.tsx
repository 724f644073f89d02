import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { SpecConnection } from '../session';
import { download } from '../ui/files';
import { fileNameOf, titleOf } from '../markdown/title';
import { type Absence, absenceAdvice, absenceOf, absenceTitle, keptSentence } from './absence';
import { messageText } from '../status/stateText';
import { useConnection } from './useConnection';

export interface AbsentOptions {
  readonly connection: SpecConnection;
  readonly trans: TranslationBundle;
  /** The reader's login name; `null` where it isn't known. */
  login(): string | null;
  /** Makes a new spec of a text. */
  makeSpec(title: string, content: string): void;
}

/** What stands in the place of a spec that is not there; nothing while it is. */
export class Absent extends ReactWidget {
  constructor(private readonly options: AbsentOptions) {
    super();
    this.addClass('jp-SpecAbsent-place');
    this.node.setAttribute('role', 'status');
  }

  /** Whether there is no spec, and this says so. */
  get isShown(): boolean {
    return absenceOf(this.options.connection.state) !== null;
  }

  protected override render(): JSX.Element {
    const close = () => this.parent?.parent?.close();
    return <Page {...this.options} close={this.parent?.parent ? close : null} />;
  }
}

interface PageProps extends AbsentOptions {
  readonly close: (() => void) | null;
}

function Page({ connection, trans, login, makeSpec, close }: PageProps): JSX.Element | null {
  const state = useConnection(connection);
  const absence = absenceOf(state);
  if (!absence) {
    return null;
  }
  const text = textLeft(absence, connection);
  const title = titleOf(text, trans.__('Spec'));
  return (
    <section className="jp-SpecAbsent" aria-label={absenceTitle(absence, trans)}>
      <h2>{absenceTitle(absence, trans)}</h2>
      <p>{absenceAdvice(absence, login(), state.error?.message ?? '', trans)}</p>
      {state.notice && <p>{messageText(state.notice, trans)}</p>}
      {text && <p>{keptSentence(connection.rescued !== null, trans)}</p>}
      <div className="jp-SpecAbsent-actions">
        {text && (
          <>
            <Action label={trans.__('Copy text')} run={() => Clipboard.copyToSystem(text)} />
            <Action
              label={trans.__('Save as file')}
              run={() => download(text, fileNameOf(title))}
            />
            <Action label={trans.__('Save as new spec')} run={() => makeSpec(title, text)} />
          </>
        )}
        {mayReturn(absence, connection) && (
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

function Action({ label, run }: { label: string; run(): void }): JSX.Element {
  return (
    <button className="jp-mod-styled" onClick={run}>
      {label}
    </button>
  );
}

/** What is deleted does not come back; with unsaved edits one would lose them by going on. */
function mayReturn(absence: Absence, connection: SpecConnection): boolean {
  return absence !== 'deleted' && connection.rescued === null;
}

/** The text that would else be lost to the reader; empty where there is none. */
function textLeft(absence: Absence, { rescued, document }: SpecConnection): string {
  return rescued ?? (absence === 'deleted' ? document.toString() : '');
}
