import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** The `status` in the spec's front matter; three known values are translated and coloured. */
export function StatusBadge({
  status,
  trans
}: {
  readonly status: string;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const known: Readonly<Record<string, string>> = {
    draft: trans.__('draft'),
    review: trans.__('review'),
    approved: trans.__('approved')
  };
  const style = Object.hasOwn(known, status) ? ` jp-mod-${status}` : '';
  return <span className={`jp-Spec-badge${style}`}>{known[status] ?? status}</span>;
}
