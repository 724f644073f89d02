import type { TranslationBundle } from '@jupyterlab/translation';
import { ellipsesIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { NotedRevision, Sitting, SittingPerson } from '../server/history';
import { Avatar } from '../ui/avatar';
import { flagIcon } from './icons';
import { fullTime, timeSpan } from './times';
import { LABEL, VERSION, VERSION_BEFORE } from './versionAttributes';
import { lettersAloud, lettersOf, namesOf, summaryOf } from './words';

/** People whose avatars are shown; the names tell the others. */
const AVATARS = 3;

export interface RowActions {
  /** Shows what the sitting changed. With `isSecond` it is compared with what was shown before. */
  open(sitting: Sitting, isSecond: boolean): void;
  /** Shows what has changed since a version. */
  openVersion(version: number, isSecond: boolean): void;
}

export interface RowProps {
  readonly sitting: Sitting;
  readonly colourOf: (userId: string) => string | null;
  /** The version that is shown or picked; `null` if it is none of this row. */
  readonly current: number | null;
  readonly isFocusable: boolean;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
  readonly actions: RowActions;
}

/** One sitting, with the labels that were given in it. Drawn again only where something of it changes. */
export const SittingRow = React.memo(function SittingRow(props: RowProps): JSX.Element {
  const { sitting, trans, locale, current, actions } = props;
  const [from, to] = [Date.parse(sitting.startedAt), Date.parse(sitting.endedAt)];
  const names = namesOf(
    sitting.people.map(({ userName }) => userName),
    trans
  );
  const span = timeSpan(from, to, locale);
  const summary = summaryOf(sitting);
  const isCurrent = current === sitting.toVersion;
  const label = [names, span, summary, lettersAloud(sitting, trans)].filter(Boolean).join(', ');
  return (
    <li className="jp-History-sitting">
      <div
        className={`jp-HistoryRow${isCurrent ? ' jp-mod-current' : ''}`}
        {...{ [VERSION]: sitting.toVersion, [VERSION_BEFORE]: sitting.fromVersion }}
      >
        <button
          className="jp-HistoryRow-main jp-History-stop"
          tabIndex={props.isFocusable ? 0 : -1}
          aria-current={isCurrent || undefined}
          aria-label={label}
          title={fullTime(from, locale)}
          onClick={event => actions.open(sitting, isSecond(event))}
        >
          <People people={sitting.people} colourOf={props.colourOf} />
          <span className="jp-HistoryRow-line">
            <span className="jp-HistoryRow-names">{names}</span>
            <span className="jp-HistoryRow-time">{span}</span>
          </span>
          <span className="jp-HistoryRow-line">
            <span className="jp-HistoryRow-summary">{summary}</span>
            <span className="jp-HistoryRow-letters" title={lettersAloud(sitting, trans)}>
              {lettersOf(sitting, trans, locale)}
            </span>
          </span>
        </button>
        <MenuButton label={trans.__('What to do with this version')} />
      </div>
      {sitting.revisions.map(revision => (
        <Flag
          key={revision.version}
          revision={revision}
          isCurrent={current === revision.version && !isCurrent}
          trans={trans}
          open={second => actions.openVersion(revision.version, second)}
        />
      ))}
    </li>
  );
});

function People({
  people,
  colourOf
}: {
  readonly people: readonly SittingPerson[];
  readonly colourOf: RowProps['colourOf'];
}): JSX.Element {
  return (
    <span className="jp-HistoryRow-people">
      {people.slice(0, AVATARS).map(({ userId, userName }) => (
        <Avatar
          key={userId}
          user={{ userId, userName, color: colourOf(userId) }}
          label={userName}
        />
      ))}
    </span>
  );
}

interface FlagProps {
  readonly revision: NotedRevision;
  readonly isCurrent: boolean;
  readonly trans: TranslationBundle;
  open(isSecond: boolean): void;
}

/** A label; nothing of a revision without one, but that a version was restored is told. */
function Flag({ revision, isCurrent, trans, open }: FlagProps): JSX.Element | null {
  const { label, kind, version } = revision;
  const text = label ?? (kind === 'restored' ? trans.__('An earlier version was restored') : '');
  if (!text) {
    return null;
  }
  return (
    <div
      className={`jp-HistoryFlag${label ? '' : ' jp-mod-note'}${isCurrent ? ' jp-mod-current' : ''}`}
      {...{ [VERSION]: version, ...(label ? { [LABEL]: label } : {}) }}
    >
      <button
        className="jp-HistoryFlag-main jp-History-stop"
        tabIndex={-1}
        aria-current={isCurrent || undefined}
        aria-label={label ? trans.__('Label “%1”: show what has changed since', label) : text}
        title={trans.__('Show what has changed since')}
        onClick={event => open(isSecond(event))}
      >
        <flagIcon.react tag="span" aria-hidden="true" />
        <span className="jp-HistoryFlag-text">{text}</span>
      </button>
      <MenuButton label={trans.__('What to do with this version')} />
    </div>
  );
}

/** Opens the context menu of what it stands in, for those who don't look for one under the right button. */
function MenuButton({ label }: { readonly label: string }): JSX.Element {
  return (
    <button
      className="jp-HistoryRow-menu"
      tabIndex={-1}
      aria-label={label}
      aria-haspopup="menu"
      title={label}
      onClick={event => {
        const { left, bottom } = event.currentTarget.getBoundingClientRect();
        event.currentTarget.dispatchEvent(
          new MouseEvent('contextmenu', {
            bubbles: true,
            cancelable: true,
            clientX: left,
            clientY: bottom
          })
        );
      }}
    >
      <ellipsesIcon.react tag="span" aria-hidden="true" />
    </button>
  );
}

/** Whether a second version is chosen, as a second file is in a list of files. */
function isSecond({ ctrlKey, metaKey, shiftKey }: React.MouseEvent): boolean {
  return ctrlKey || metaKey || shiftKey;
}
