import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ThreadFilter } from './filters';

export interface EmptyListProps {
  readonly filter: ThreadFilter;
  readonly mayComment: boolean;
  /** The keys that begin a comment; empty for none. */
  readonly keys: string;
  readonly trans: TranslationBundle;
  /** Comments on what is selected. */
  comment(): void;
  showOpen(): void;
}

/** Words for a list in which nothing is to be shown: what will be there, and how to begin. */
export function EmptyList(props: EmptyListProps): JSX.Element {
  const { filter, mayComment, trans, comment, showOpen } = props;
  return (
    <div className="jp-Threads-empty" role="status">
      <p>{sentence(props)}</p>
      {filter !== 'open' ? (
        <button className="jp-mod-styled" onClick={showOpen}>
          {trans.__('Show open comments')}
        </button>
      ) : (
        mayComment && (
          <button className="jp-mod-styled" onClick={comment}>
            {trans.__('Comment on the selection')}
          </button>
        )
      )}
    </div>
  );
}

function sentence({ filter, mayComment, keys, trans }: EmptyListProps): string {
  switch (filter) {
    case 'open':
      if (!mayComment) {
        return trans.__(
          'No open comments. You may view this spec only: ask an owner of it if you want to comment.'
        );
      }
      return keys
        ? trans.__(
            'No open comments. Select words in the text, then press %1: what you write stands beside them, and everybody who may see the spec can answer.',
            keys
          )
        : trans.__(
            'No open comments. Select words in the text, then press the button: what you write stands beside them, and everybody who may see the spec can answer.'
          );
    case 'mine':
      return trans.__('Open comments that you began or answered stand here. There are none.');
    case 'mentions':
      return trans.__(
        'Open comments in which somebody mentions you, with @ and your name, stand here. There are none.'
      );
    case 'resolved':
      return trans.__(
        'What was resolved, accepted or rejected stays here, and can be opened again. There is nothing yet.'
      );
    case 'gone':
      return trans.__(
        'Comments whose words were deleted stand here with what they were about. There are none.'
      );
  }
}
