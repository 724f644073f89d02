import * as React from 'react';

import { safeColour } from '../editor/colours';
import type { PersonThere } from '../server/entry';
import { initialsOf } from './initials';

export interface AvatarProps {
  readonly person: PersonThere;
  readonly label: string;
}

/** A person as initials on their colour; the name is in the tooltip and for screen readers. */
export function Avatar({ person, label }: AvatarProps): JSX.Element {
  const style = { backgroundColor: safeColour(person.color, person.userId) };
  return (
    <span className="jp-Spec-avatar" style={style} title={label} role="img" aria-label={label}>
      {initialsOf(person.userName)}
    </span>
  );
}
