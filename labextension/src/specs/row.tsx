import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { SpecEntry } from '../server/specs';
import { Avatar } from '../ui/avatar';
import { specIcon } from '../ui/icons';
import { relativeTime } from '../ui/relativeTime';
import { StatusBadge } from '../ui/statusBadge';
import { piecesOf, readableSnippet } from './hits';
import { ThreadsBadge } from './threadsBadge';
import { TitleField } from './titleField';
import { UnreadBadge } from './unreadBadge';

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
  /** What the user searches for; the hits are marked. */
  readonly query: string;
  /** Whether the title is changed in its place. */
  readonly isRenaming: boolean;
  open(): void;
  /** `null`: the title stays. */
  rename(title: string | null): void;
  /** The mouse is pressed on the row: maybe a drag begins. */
  pressed(event: React.MouseEvent): void;
}

/** One spec of the list. */
export function Row(props: RowProps): JSX.Element {
  const { entry, isCurrent, isFocusable, trans, locale, query, open } = props;
  if (props.isRenaming) {
    return (
      <li className="jp-SpecRow-item jp-mod-renaming">
        <specIcon.react tag="span" className="jp-SpecRow-icon" />
        <TitleField title={entry.title} trans={trans} done={title => props.rename(title)} />
      </li>
    );
  }
  return (
    <li className="jp-SpecRow-item">
      <button
        className={`jp-SpecRow${isCurrent ? ' jp-mod-current' : ''}`}
        {...{ [SPEC_ID]: entry.specId }}
        tabIndex={isFocusable ? 0 : -1}
        aria-current={isCurrent || undefined}
        title={entry.description || entry.title}
        onClick={open}
        onMouseDown={props.pressed}
      >
        <specIcon.react tag="span" className="jp-SpecRow-icon" />
        <span className="jp-SpecRow-title">
          <Marked text={entry.title} query={query} />
        </span>
        <span className="jp-SpecRow-badges">
          <ThreadsBadge entry={entry} trans={trans} />
          {!isCurrent && <UnreadBadge entry={entry} trans={trans} />}
          <StatusBadge status={entry.status} trans={trans} />
        </span>
        <span className="jp-SpecRow-changed">{lastChanged(entry, trans, locale)}</span>
        <ActiveUsers entry={entry} trans={trans} />
        {entry.snippet && (
          <span className="jp-SpecRow-snippet">
            <Marked text={readableSnippet(entry.snippet.text, query)} query={query} />
          </span>
        )}
      </button>
    </li>
  );
}

function Marked({ text, query }: { text: string; query: string }): JSX.Element {
  const pieces = piecesOf(text, query);
  return (
    <>
      {pieces.map(({ text: piece, isHit }, index) =>
        isHit ? (
          <mark key={index}>{piece}</mark>
        ) : (
          <React.Fragment key={index}>{piece}</React.Fragment>
        )
      )}
    </>
  );
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
