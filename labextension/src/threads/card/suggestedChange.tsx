import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Thread } from '../../server/threads';

export interface SuggestedChangeProps {
  readonly thread: Pick<Thread, 'quote' | 'replacement'>;
  readonly trans: TranslationBundle;
}

/** What a suggestion would change: the old words struck through with a minus, the new ones underlined with a plus. */
export function SuggestedChange({ thread, trans }: SuggestedChangeProps): JSX.Element {
  const { quote, replacement } = thread;
  return (
    <div className="jp-ThreadChange">
      {quote && (
        <p>
          <span className="jp-ThreadChange-sign" aria-hidden="true">
            −
          </span>
          <span className="jp-Spec-heard">{trans.__('Instead of:')} </span>
          <del>{quote}</del>
        </p>
      )}
      {replacement && (
        <p>
          <span className="jp-ThreadChange-sign" aria-hidden="true">
            +
          </span>
          <span className="jp-Spec-heard">{quote ? trans.__('New:') : trans.__('Insert:')} </span>
          <ins>{replacement}</ins>
        </p>
      )}
      {!replacement && <span className="jp-Spec-heard">{trans.__('Nothing: delete it')}</span>}
    </div>
  );
}
