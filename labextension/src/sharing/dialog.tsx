import { Clipboard, Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Poll } from '@lumino/polling';
import * as React from 'react';

import { inBackground } from '../ui/failure';
import { ownRoleSentence } from '../ui/roleText';
import { AddForm } from './addForm';
import { Entries } from './entries';
import { ErrorMessage } from './errorMessage';
import { mayShare } from './rights';
import { changeSentence, defaultRoleSentence } from './sentences';
import { type AccessApi, Sharing, WHOLE_LIST } from './sharing';

/** Milliseconds between two requests for the list, which others may change meanwhile. */
const INTERVAL = 5000;

export interface ShareOptions {
  readonly api: AccessApi;
  readonly specId: string;
  readonly title: string;
  /** The address that opens the spec. */
  readonly link: string;
  readonly trans: TranslationBundle;
}

/** Shows the access list of a spec, and lets the user change it; resolves when the dialog is closed. */
export async function shareDialog(options: ShareOptions): Promise<void> {
  const { api, specId, title, trans } = options;
  const sharing = new Sharing(api, specId);
  await sharing.refresh();
  const poll = new Poll({
    name: 'jupyter-speccollab:sharing',
    auto: false,
    factory: () => sharing.refresh(),
    frequency: { interval: INTERVAL, backoff: true },
    standby: 'when-hidden'
  });
  const name = trans.__('Share “%1”', title);
  const dialog = new ShareDialog(sharing, name, {
    title: name,
    body: new ShareBody(sharing, options),
    focusNodeSelector: '.jp-SpecShare-name',
    buttons: [Dialog.okButton({ label: trans.__('Done') })]
  });
  try {
    inBackground(poll.start());
    await dialog.launch();
  } finally {
    poll.dispose();
    sharing.dispose();
    await sharing.settled;
  }
}

/**
 * A dialog in which Enter goes to the focused control instead of closing the dialog.
 *
 * Escape cancels an open question first, and closes the dialog only if there is none.
 */
class ShareDialog extends Dialog<void> {
  constructor(
    private readonly sharing: Sharing,
    name: string,
    options: Partial<Dialog.IOptions<void>>
  ) {
    super(options);
    this.addClass('jp-SpecShareDialog');
    (this.node.querySelector('dialog') ?? this.node).setAttribute('aria-label', name);
    sharing.changed.connect((_, { done }) => {
      if (done?.kind === 'left') {
        this.resolve();
      }
    });
  }

  override handleEvent(event: Event): void {
    if (event instanceof KeyboardEvent && this.isForBody(event)) {
      return;
    }
    super.handleEvent(event);
  }

  private isForBody(event: KeyboardEvent): boolean {
    const { sharing } = this;
    if (event.key === 'Escape' && sharing.state.question) {
      event.preventDefault();
      event.stopPropagation();
      sharing.ask(null);
      return true;
    }
    const { target } = event;
    return (
      event.key === 'Enter' && target instanceof Element && target.closest('.jp-SpecShare') !== null
    );
  }
}

class ShareBody extends ReactWidget {
  constructor(
    private readonly sharing: Sharing,
    private readonly options: ShareOptions
  ) {
    super();
    this.addClass('jp-SpecShare');
    sharing.changed.connect(() => this.update());
  }

  protected override render(): JSX.Element {
    const { sharing } = this;
    const { trans, link } = this.options;
    const { access, failure, done } = sharing.state;
    const isLost = failure?.error.code === 'SPEC_NOT_FOUND';
    return (
      <>
        <ErrorMessage sharing={sharing} place={WHOLE_LIST} trans={trans} />
        {!access && !failure && <p>{trans.__('Loading…')}</p>}
        {access && !isLost && (
          <>
            <p className="jp-SpecShare-me">{ownRoleSentence(access.me.role, trans)}</p>
            {mayShare(access) && <AddForm {...{ sharing, access, trans }} />}
            <p className="jp-SpecShare-done" role="status">
              {done && changeSentence(done, trans)}
            </p>
            <Entries {...{ sharing, access, trans }} />
            <p className="jp-SpecShare-others">{defaultRoleSentence(access.defaultRole, trans)}</p>
          </>
        )}
        {!isLost && <Link link={link} trans={trans} />}
      </>
    );
  }
}

function Link({ link, trans }: { link: string; trans: TranslationBundle }): JSX.Element {
  const [isCopied, setCopied] = React.useState(false);
  return (
    <div className="jp-SpecShare-link">
      <input
        className="jp-mod-styled"
        readOnly
        value={link}
        aria-label={trans.__('Link to the spec')}
        onFocus={event => event.target.select()}
      />
      <button
        className="jp-mod-styled"
        onClick={() => {
          Clipboard.copyToSystem(link);
          setCopied(true);
        }}
      >
        {isCopied ? trans.__('Copied') : trans.__('Copy link')}
      </button>
      <p className="jp-SpecShare-hint" role="status">
        {isCopied
          ? trans.__('Link copied. It opens the spec for those who may see it, and lets nobody in.')
          : ''}
      </p>
    </div>
  );
}
