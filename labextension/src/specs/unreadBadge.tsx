import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { SpecEntry } from '../server/specs';

/** A greater number is not told. */
const MOST = 99;

/** How many changes by others the user has not read; a dot where they never read the spec. */
export function UnreadBadge({
  entry: { unread = 0, readVersion = null },
  trans
}: {
  entry: Pick<SpecEntry, 'unread' | 'readVersion'>;
  trans: TranslationBundle;
}): JSX.Element | null {
  if (unread === 0) {
    return null;
  }
  const isNever = readVersion === null;
  const words = isNever
    ? trans.__('You have not read this yet')
    : trans._n('%1 change since you read it', '%1 changes since you read it', unread, unread);
  return (
    <span className={`jp-SpecRow-unread${isNever ? ' jp-mod-never' : ''}`} title={words}>
      <span className="jp-Spec-heard">{words}</span>
      {!isNever && <span aria-hidden="true">{unread > MOST ? `${MOST}+` : unread}</span>}
    </span>
  );
}
