import type { TranslationBundle } from '@jupyterlab/translation';
import { deleteIcon, undoIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { SpecEntry } from '../server/specs';
import { deletionText, timeLeft } from './trashText';

export interface TrashRowProps {
  readonly entry: SpecEntry;
  readonly trans: TranslationBundle;
  /** A BCP 47 tag. */
  readonly locale: string;
  restore(): void;
  end(): void;
}

/** One spec in the trash. */
export function TrashRow({ entry, trans, locale, restore, end }: TrashRowProps): JSX.Element {
  const { title } = entry;
  const now = Date.now();
  return (
    <li className="jp-SpecTrash-row">
      <span className="jp-SpecTrash-title" title={entry.description || title}>
        {title}
      </span>
      <span className="jp-SpecTrash-when">{deletionText(entry, now, locale, trans)}</span>
      <span className="jp-SpecTrash-left">{timeLeft(entry, now, trans)}</span>
      <span className="jp-SpecTrash-actions">
        <button
          data-action="restore"
          onClick={restore}
          aria-label={trans.__('Restore “%1”', title)}
          title={trans.__('Restore it, with its history')}
        >
          <undoIcon.react tag="span" />
          {trans.__('Restore')}
        </button>
        <button
          data-action="end"
          onClick={end}
          aria-label={trans.__('Delete “%1” forever', title)}
          title={trans.__('Delete forever')}
        >
          <deleteIcon.react tag="span" />
        </button>
      </span>
    </li>
  );
}
