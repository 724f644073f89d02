import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { Avatar } from '../../ui/avatar';
import type { Mentionable } from '../mentions';

export interface CompletionProps {
  readonly id: string;
  readonly people: readonly Mentionable[];
  /** The index of the one that Enter takes. */
  readonly current: number;
  readonly trans: TranslationBundle;
  colourOf(userId: string): string | null;
  take(person: Mentionable): void;
}

/** The people who may be meant, below the text in which somebody types `@`. */
export function Completion(props: CompletionProps): JSX.Element {
  const { id, people, current, trans, take, colourOf } = props;
  return (
    <ul id={id} className="jp-ThreadMentions" role="listbox" aria-label={trans.__('Mention')}>
      {people.map((person, index) => (
        <li
          key={`${person.userId} ${person.login}`}
          id={optionId(id, index)}
          className={`jp-ThreadMentions-person${index === current ? ' jp-mod-active' : ''}`}
          role="option"
          aria-selected={index === current}
          // The text keeps the focus.
          onMouseDown={event => event.preventDefault()}
          onClick={() => take(person)}
        >
          <Avatar user={{ ...person, color: colourOf(person.userId) }} label={person.userName} />
          <span>{person.userName}</span>
          {person.login && person.login !== person.userName && <small>{person.login}</small>}
        </li>
      ))}
    </ul>
  );
}

/** The id of one of the people in the page. */
export function optionId(id: string, index: number): string {
  return `${id}-${index}`;
}
