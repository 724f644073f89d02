import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Facets, SpecSort } from '../server/specs';
import { EVERYTHING, leavesOut, type ListChoice } from './listChoice';

interface Props {
  readonly choice: ListChoice;
  readonly facets: Facets;
  readonly trans: TranslationBundle;
  choose(choice: ListChoice): void;
}

/** Sorting and filters, below the search. */
export function ChoiceBar({ choice, facets, trans, choose }: Props): JSX.Element {
  const sorts: readonly (readonly [SpecSort, string])[] = [
    ['changed', trans.__('Last changed')],
    ['title', trans.__('Title')],
    ['status', trans.__('Status')]
  ];
  const select = (key: 'status' | 'type', label: string, any: string) => {
    const counts = Object.entries(facets[key]);
    const chosen = choice[key];
    const options = chosen && !(chosen in facets[key]) ? [...counts, [chosen, 0] as const] : counts;
    return (
      (options.length > 1 || chosen !== '') && (
        <HTMLSelect
          aria-label={label}
          title={label}
          className={chosen ? 'jp-mod-chosen' : ''}
          value={chosen}
          onChange={event => choose({ ...choice, [key]: event.target.value })}
        >
          <option value="">{any}</option>
          {options.map(([value, count]) => (
            <option key={value} value={value}>
              {trans.__('%1 (%2)', value, count)}
            </option>
          ))}
        </HTMLSelect>
      )
    );
  };
  return (
    <div className="jp-SpecFilters" role="group" aria-label={trans.__('Sort and filter')}>
      <HTMLSelect
        aria-label={trans.__('Sort by')}
        title={trans.__('Sort by')}
        value={choice.sort}
        onChange={event => choose({ ...choice, sort: event.target.value as SpecSort })}
      >
        {sorts.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </HTMLSelect>
      {select('status', trans.__('Status'), trans.__('Any status'))}
      {select('type', trans.__('Type'), trans.__('Any type'))}
      <label>
        <input
          type="checkbox"
          checked={choice.mine}
          onChange={event => choose({ ...choice, mine: event.target.checked })}
        />
        {trans.__('Mine')}
      </label>
      <label title={trans.__('What others changed since you read it')}>
        <input
          type="checkbox"
          checked={choice.unread}
          onChange={event => choose({ ...choice, unread: event.target.checked })}
        />
        {trans.__('Unread')}
      </label>
      {leavesOut(choice) && (
        <button
          className="jp-SpecFilters-all"
          onClick={() => choose({ ...EVERYTHING, sort: choice.sort })}
        >
          {trans.__('Show all')}
        </button>
      )}
    </div>
  );
}
