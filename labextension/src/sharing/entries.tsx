import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon, HTMLSelect, usersIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { initialsOf } from '../editor/initials';
import type { Role } from '../protocol';
import {
  type Collaborator,
  isGroup,
  loginOf,
  nameOf,
  type SpecAccess
} from '../server/collaborators';
import { roleDescription, roleText } from '../ui/roleText';
import { Confirmation } from './confirmation';
import { isLastOwner, isMine, rightsOn, successors } from './rights';
import type { Sharing } from './sharing';
import { ErrorMessage } from './errorMessage';

export interface EntriesProps {
  readonly sharing: Sharing;
  readonly access: SpecAccess;
  readonly trans: TranslationBundle;
}

/** The access list: people and groups with controls for their roles. */
export function Entries({ sharing, access, trans }: EntriesProps): JSX.Element {
  const list = React.useRef<HTMLUListElement>(null);
  const asked = sharing.state.question?.entry.principal ?? null;
  useFocusRestored(list, asked);
  return (
    <ul
      ref={list}
      className="jp-SpecShare-entries"
      aria-label={trans.__('Shared with')}
      tabIndex={-1}
    >
      {access.collaborators.map(entry => (
        <Entry key={entry.principal} {...{ entry, sharing, access, trans }} />
      ))}
    </ul>
  );
}

/** Returns the focus from an answered question to its entry, or to the list if the entry was removed. */
function useFocusRestored(list: React.RefObject<HTMLUListElement>, asked: string | null): void {
  const previous = React.useRef<string | null>(null);
  React.useEffect(() => {
    const answered = previous.current;
    previous.current = asked;
    if (answered !== null && asked === null && !list.current?.contains(document.activeElement)) {
      const entry = list.current?.querySelector(`[data-principal="${CSS.escape(answered)}"]`);
      const control = entry?.querySelector<HTMLElement>('select, button:not(:disabled)');
      (control ?? list.current)?.focus();
    }
  });
}

interface EntryProps extends EntriesProps {
  readonly entry: Collaborator;
}

function Entry(props: EntryProps): JSX.Element {
  const { entry, sharing, access, trans } = props;
  const { question, busy } = sharing.state;
  const isAsked = question?.entry.principal === entry.principal;
  return (
    <li
      className="jp-SpecShare-entry"
      data-principal={entry.principal}
      aria-busy={busy === entry.principal}
    >
      <EntryAvatar entry={entry} />
      <span className="jp-SpecShare-who">
        <span className="jp-SpecShare-userName">{nameOf(entry)}</span>
        <span className="jp-SpecShare-login">{detailOf(entry, access, trans)}</span>
      </span>
      {isAsked ? (
        <Confirmation {...{ sharing, question, access, trans }} />
      ) : (
        <Controls {...props} />
      )}
      <ErrorMessage sharing={sharing} place={entry.principal} trans={trans} />
    </li>
  );
}

function EntryAvatar({ entry }: { entry: Collaborator }): JSX.Element {
  if (isGroup(entry)) {
    return <usersIcon.react tag="span" className="jp-SpecShare-group" />;
  }
  return (
    <span className="jp-Spec-avatar jp-SpecShare-face" aria-hidden="true">
      {initialsOf(nameOf(entry))}
    </span>
  );
}

/** The text in small print behind a name. */
function detailOf(entry: Collaborator, access: SpecAccess, trans: TranslationBundle): string {
  if (isGroup(entry)) {
    return trans.__('group');
  }
  const own = isMine(entry, access) ? trans.__('you') : '';
  return [loginOf(entry), own].filter(Boolean).join(', ');
}

function Controls({ entry, sharing, access, trans }: EntryProps): JSX.Element {
  const { choices, mayRemove } = rightsOn(entry, access);
  const name = nameOf(entry);
  const role = sharing.state.chosen[entry.principal] ?? entry.role;
  return (
    <span className="jp-SpecShare-controls">
      {choices.length > 0 ? (
        <HTMLSelect
          aria-label={trans.__('What %1 can do', name)}
          title={roleDescription(role, trans)}
          value={role}
          onChange={event => sharing.choose(entry, event.target.value as Role)}
        >
          {choices.map(each => (
            <option key={each} value={each}>
              {roleText(each, trans)}
            </option>
          ))}
        </HTMLSelect>
      ) : (
        <span title={roleDescription(role, trans)}>{roleText(role, trans)}</span>
      )}
      {isMine(entry, access) && <OwnControls {...{ entry, sharing, access, trans }} />}
      {mayRemove && (
        <button
          className="jp-SpecShare-remove"
          title={trans.__('Remove %1', name)}
          aria-label={trans.__('Remove %1', name)}
          onClick={() => sharing.ask({ kind: 'remove', entry })}
        >
          <closeIcon.react tag="span" />
        </button>
      )}
    </span>
  );
}

function OwnControls({ entry, sharing, access, trans }: EntryProps): JSX.Element {
  const [first] = successors(access);
  const isLast = isLastOwner(entry, access);
  return (
    <>
      {first && (
        <button
          className="jp-mod-styled"
          onClick={() => sharing.ask({ kind: 'handOver', entry, to: first })}
        >
          {trans.__('Hand over…')}
        </button>
      )}
      {!isLast && (
        <button className="jp-mod-styled" onClick={() => sharing.ask({ kind: 'leave', entry })}>
          {trans.__('Leave…')}
        </button>
      )}
    </>
  );
}
