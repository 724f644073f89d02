import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { TITLE_LENGTH } from '../markdown/title';

interface Props {
  readonly title: string;
  readonly trans: TranslationBundle;
  /** With `null`, or the same title, nothing is renamed. */
  done(title: string | null): void;
}

/** The title of a row while it is changed in its place. Enter takes it, Escape leaves it as it was. */
export function TitleField({ title, trans, done }: Props): JSX.Element {
  const isDone = React.useRef(false);
  const end = (renamed: string | null) => {
    if (!isDone.current) {
      isDone.current = true;
      done(renamed);
    }
  };
  return (
    <input
      className="jp-SpecRow-field jp-mod-styled"
      aria-label={trans.__('New title of “%1”', title)}
      defaultValue={title}
      maxLength={TITLE_LENGTH}
      autoFocus
      onFocus={event => event.target.select()}
      onBlur={event => end(event.target.value)}
      onKeyDown={event => {
        // The keys of the list and of JupyterLab are not meant.
        event.stopPropagation();
        if (event.key === 'Enter') {
          end(event.currentTarget.value);
        } else if (event.key === 'Escape') {
          end(null);
        }
      }}
    />
  );
}
