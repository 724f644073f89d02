import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { SpecEntry } from '../server/specs';

/** A greater number is not told. */
const MOST = 99;

/** How many comments are open in a spec, and whether some of them mention the user, who has not answered. */
export function ThreadsBadge({
  entry: { openThreads = 0, mentions = 0 },
  trans
}: {
  entry: Pick<SpecEntry, 'openThreads' | 'mentions'>;
  trans: TranslationBundle;
}): JSX.Element | null {
  if (openThreads === 0) {
    return null;
  }
  const open = trans._n('%1 open comment', '%1 open comments', openThreads, openThreads);
  const waiting = trans._n(
    '%1 mentions you and waits for your answer',
    '%1 mention you and wait for your answer',
    mentions,
    mentions
  );
  const words = mentions > 0 ? `${open}, ${waiting}` : open;
  return (
    <span className={`jp-SpecRow-threads${mentions > 0 ? ' jp-mod-mention' : ''}`} title={words}>
      <span className="jp-Spec-heard">{words}</span>
      <span aria-hidden="true">
        {mentions > 0 ? '@' : ''}
        {openThreads > MOST ? `${MOST}+` : openThreads}
      </span>
    </span>
  );
}
