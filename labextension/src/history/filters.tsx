import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, InputGroup } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { SittingPerson } from '../server/history';
import { EVERYTHING, type HistoryChoice, leavesOut } from './choice';

export interface FiltersProps {
  readonly choice: HistoryChoice;
  readonly people: readonly SittingPerson[];
  /** Whether the section at the caret is followed. */
  readonly isFollowing: boolean;
  readonly trans: TranslationBundle;
  choose(choice: HistoryChoice): void;
  follow(isOn: boolean): void;
  /** From the search to what it has found. */
  leave(): void;
}

/** Search and filters above the history. */
export function Filters(props: FiltersProps): JSX.Element {
  const { choice, people, isFollowing, trans, choose, follow } = props;
  return (
    <div className="jp-History-filters" role="search" aria-label={trans.__('Search and filter')}>
      <InputGroup
        type="search"
        value={choice.search}
        placeholder={trans.__('Search history')}
        aria-label={trans.__('Search history')}
        rightIcon="ui-components:search"
        onChange={event => choose({ ...choice, search: (event.target as HTMLInputElement).value })}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            props.leave();
          }
        }}
      />
      <div className="jp-SpecFilters">
        {(people.length > 1 || choice.user !== null) && (
          <HTMLSelect
            aria-label={trans.__('Who wrote')}
            title={trans.__('Who wrote')}
            className={choice.user ? 'jp-mod-chosen' : ''}
            value={choice.user ?? ''}
            onChange={event => choose({ ...choice, user: event.target.value || null })}
          >
            <option value="">{trans.__('Everybody')}</option>
            {people.map(({ userId, userName }) => (
              <option key={userId} value={userId}>
                {userName}
              </option>
            ))}
          </HTMLSelect>
        )}
        <label title={trans.__('Only what changed the section that the cursor is in')}>
          <input
            type="checkbox"
            checked={isFollowing}
            onChange={event => follow(event.target.checked)}
          />
          {trans.__('Section at cursor')}
        </label>
        <label>
          <input
            type="checkbox"
            checked={choice.labelsOnly}
            onChange={event => choose({ ...choice, labelsOnly: event.target.checked })}
          />
          {trans.__('Labels only')}
        </label>
        {leavesOut(choice) && (
          <button
            className="jp-SpecFilters-all"
            onClick={() => {
              follow(false);
              choose(EVERYTHING);
            }}
          >
            {trans.__('Show all')}
          </button>
        )}
      </div>
      {isFollowing && (
        <p className="jp-History-section" role="status">
          {choice.subject
            ? trans.__('Changes of “%1”', choice.subject.title)
            : trans.__('The cursor is before the first heading.')}
        </p>
      )}
    </div>
  );
}
