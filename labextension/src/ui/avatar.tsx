import * as React from 'react';

import { safeColour, textOn } from '../editor/colours';
import { initialsOf } from '../editor/initials';
import type { ActiveUser } from '../protocol';

export interface AvatarProps {
  readonly user: ActiveUser;
  /** The tooltip, also read by screen readers. */
  readonly label: string;
}

/** A user's initials on their colour. */
export function Avatar({ user, label }: AvatarProps): JSX.Element {
  const backgroundColor = safeColour(user.color, user.userId);
  const style = { backgroundColor, color: textOn(backgroundColor) };
  return (
    <span className="jp-Spec-avatar" style={style} title={label} role="img" aria-label={label}>
      {initialsOf(user.userName)}
    </span>
  );
}
