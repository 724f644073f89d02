import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

export interface QuestionProps {
  readonly question: string;
  /** What the button says that does it. */
  readonly yesLabel: string;
  readonly trans: TranslationBundle;
  yes(): void;
  no(): void;
}

/** Asks before something is done that can't be undone, in the place where it was asked for. */
export function Question({ question, yesLabel, trans, yes, no }: QuestionProps): JSX.Element {
  const cancel = React.useRef<HTMLButtonElement>(null);
  const id = React.useId();
  React.useEffect(() => cancel.current?.focus({ preventScroll: true }), []);
  return (
    <div
      className="jp-ThreadQuestion"
      role="group"
      aria-labelledby={id}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          no();
        }
      }}
    >
      <span id={id}>{question}</span>
      <button ref={cancel} className="jp-mod-styled" onClick={no}>
        {trans.__('Cancel')}
      </button>
      <button className="jp-mod-styled jp-mod-warn" onClick={yes}>
        {yesLabel}
      </button>
    </div>
  );
}
