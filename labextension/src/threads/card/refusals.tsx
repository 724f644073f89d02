import { Clipboard } from '@jupyterlab/apputils';
import * as React from 'react';

import type { RefusedText } from '../specThreads';
import type { ThreadContext } from '../threadContext';
import { threadFailure } from '../words';

export interface RefusalsProps {
  readonly context: ThreadContext;
  readonly refused: readonly RefusedText[];
}

/** Texts that the server did not take, with the reason: to send again, to copy, or to discard. */
export function Refusals({ context, refused }: RefusalsProps): JSX.Element {
  const { threads, trans } = context;
  return (
    <>
      {refused.map(({ callId, body, replacement, error }) => (
        <div key={callId} className="jp-ThreadRefusal" role="alert">
          <p>{threadFailure(error, trans.__('This was not sent.'), trans)}</p>
          <blockquote>{body || replacement}</blockquote>
          <div className="jp-ThreadComposer-buttons">
            <button
              className="jp-mod-styled jp-mod-minimal"
              onClick={() => threads.discard(callId)}
            >
              {trans.__('Discard')}
            </button>
            <button
              className="jp-mod-styled"
              onClick={() => {
                Clipboard.copyToSystem(body || (replacement ?? ''));
                context.say(trans.__('Copied'));
              }}
            >
              {trans.__('Copy')}
            </button>
            <button className="jp-mod-styled jp-mod-accept" onClick={() => threads.retry(callId)}>
              {trans.__('Try again')}
            </button>
          </div>
        </div>
      ))}
    </>
  );
}
