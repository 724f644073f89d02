import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { filterText } from '../words';
import { FILTERS, type ThreadFilter } from './filters';

export interface FilterBarProps {
  readonly filter: ThreadFilter;
  /** How many open threads each filter leaves. */
  readonly counts: Readonly<Record<ThreadFilter, number>>;
  readonly trans: TranslationBundle;
  choose(filter: ThreadFilter): void;
}

/** Which threads the list shows, with how many these are. Closed ones are not counted: there may be more. */
export function FilterBar({ filter, counts, trans, choose }: FilterBarProps): JSX.Element {
  return (
    <div className="jp-Threads-filters" role="group" aria-label={trans.__('Which comments')}>
      {FILTERS.map(each => (
        <button
          key={each}
          className="jp-Threads-filter"
          aria-pressed={each === filter}
          onClick={() => choose(each)}
        >
          {filterText(each, trans)}
          {each !== 'resolved' && counts[each] > 0 && (
            <span className="jp-Threads-count">{counts[each]}</span>
          )}
        </button>
      ))}
    </div>
  );
}
