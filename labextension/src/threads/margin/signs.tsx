import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { commentIcon, suggestionIcon } from '../icons';
import type { SpecThreads } from '../specThreads';
import { threadLabel } from '../words';
import type { Marker } from './placement';

export interface SignsProps {
  readonly markers: readonly Marker[];
  readonly threads: SpecThreads;
  readonly trans: TranslationBundle;
  show(threadId: string): void;
}

/** Where there is no room for cards: a sign beside each passage, which opens its thread in the sidebar. */
export function Signs({ markers, threads, trans, show }: SignsProps): JSX.Element {
  const unread = markers.length > 0 ? threads.unreadMentions : [];
  return (
    <>
      {markers.map(({ ids, top }) => {
        const [first] = ids;
        const shown = threads.find(first!);
        if (!shown) {
          return null;
        }
        const isAlone = ids.length === 1;
        const Icon = isAlone && shown.thread.kind === 'suggestion' ? suggestionIcon : commentIcon;
        const label = isAlone
          ? threadLabel(shown, unread.includes(first!), trans)
          : trans._n('%1 comment here', '%1 comments here', ids.length, ids.length);
        const isCurrent = threads.selected !== null && ids.includes(threads.selected);
        return (
          <button
            key={first}
            className={`jp-ThreadSign${isCurrent ? ' jp-mod-current' : ''}`}
            style={{ transform: `translateY(${Math.round(top)}px)` }}
            title={label}
            aria-label={label}
            onClick={() => show(first!)}
          >
            <Icon.react tag="span" aria-hidden="true" />
            {!isAlone && <span aria-hidden="true">{ids.length}</span>}
          </button>
        );
      })}
    </>
  );
}
