import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { Avatar } from '../ui/avatar';
import type { SpecEntry } from '../server/entry';
import { specIcon } from '../ui/icons';
import { relativeTime } from '../ui/relativeTime';

/** The attribute by which a context menu finds out on which spec it was opened. */
export const SPEC_ID = 'data-spec-id';
const FACES = 3;

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
        <People entry={entry} trans={trans} />
      </button>
    </li>
  );
}

/** `status` of the front matter: the three known ones with a colour of their own, others as they are. */
function StatusBadge({ status, trans }: { status: string; trans: TranslationBundle }): JSX.Element {
  const known: Readonly<Record<string, string>> = {
    draft: trans.__('draft'),
    review: trans.__('review'),
    approved: trans.__('approved')
  };
  const style = Object.hasOwn(known, status) ? ` jp-mod-${status}` : '';
  return <span className={`jp-Spec-badge${style}`}>{known[status] ?? status}</span>;
}

function People({ entry, trans }: { entry: SpecEntry; trans: TranslationBundle }): JSX.Element {
  const { activeUsers } = entry;
  const others = activeUsers.length - FACES;
  return (
    <span className="jp-SpecRow-people">
      {activeUsers.slice(0, FACES).map(person => (
        <Avatar
          key={person.userId}
          person={person}
          label={trans.__('%1 is here now', person.userName)}
        />
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
