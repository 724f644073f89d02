import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { SpecEntry } from '../server/specs';
import { Avatar } from '../ui/avatar';
import { specIcon } from '../ui/icons';
import { relativeTime } from '../ui/relativeTime';

/** The attribute of a row from which the context menu gets the spec's id. */
export const SPEC_ID = 'data-spec-id';
/** Users whose avatars are shown; the others are counted. */
const AVATARS = 3;

export interface RowProps {
  readonly entry: SpecEntry;
  readonly isCurrent: boolean;
  readonly isFocusable: boolean;
  readonly trans: TranslationBundle;
  /** A BCP 47 tag. */
  readonly locale: string;
  open(): void;
}

/** One spec of the list. */
export function Row({ entry, isCurrent, isFocusable, trans, locale, open }: RowProps): JSX.Element {
  return (
    <li className="jp-SpecRow-item">
      <button
        className={`jp-SpecRow${isCurrent ? ' jp-mod-current' : ''}`}
        {...{ [SPEC_ID]: entry.specId }}
        tabIndex={isFocusable ? 0 : -1}
        aria-current={isCurrent || undefined}
        title={entry.description || entry.title}
        onClick={open}
      >
        <specIcon.react tag="span" className="jp-SpecRow-icon" />
        <span className="jp-SpecRow-title">{entry.title}</span>
        <StatusBadge status={entry.status} trans={trans} />
        <span className="jp-SpecRow-changed">{lastChanged(entry, trans, locale)}</span>
        <ActiveUsers entry={entry} trans={trans} />
      </button>
    </li>
  );
}

/** The `status` in the spec's front matter; three known values are translated and coloured. */
function StatusBadge({ status, trans }: { status: string; trans: TranslationBundle }): JSX.Element {
  const known: Readonly<Record<string, string>> = {
    draft: trans.__('draft'),
    review: trans.__('review'),
    approved: trans.__('approved')
  };
  const style = Object.hasOwn(known, status) ? ` jp-mod-${status}` : '';
  return <span className={`jp-Spec-badge${style}`}>{known[status] ?? status}</span>;
}

function ActiveUsers({
  entry,
  trans
}: {
  entry: SpecEntry;
  trans: TranslationBundle;
}): JSX.Element {
  const { activeUsers } = entry;
  const others = activeUsers.length - AVATARS;
  return (
    <span className="jp-SpecRow-people">
      {activeUsers.slice(0, AVATARS).map(user => (
        <Avatar key={user.userId} user={user} label={trans.__('%1 is here now', user.userName)} />
      ))}
      {others > 0 && <span className="jp-Spec-more">+{others}</span>}
    </span>
  );
}

function lastChanged(entry: SpecEntry, trans: TranslationBundle, locale: string): string {
  const ago = relativeTime(Date.parse(entry.lastModified), Date.now(), locale);
  const when = ago ?? trans.__('just now');
  return entry.lastModifiedByName ? trans.__('%1, %2', entry.lastModifiedByName, when) : when;
}
