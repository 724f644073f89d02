import * as React from 'react';

import type { DraftPlace, MessageDrafts } from '../messageDrafts';

/** What the user has begun to write at a place, kept in the browser, and how to change it; empty for nothing. */
export function useDraft(
  drafts: MessageDrafts,
  place: DraftPlace
): readonly [value: string, write: (value: string) => void] {
  const [value, setValue] = React.useState(() => drafts.read(place));
  const write = (next: string) => {
    drafts.write(place, next);
    setValue(next);
  };
  return [value, write];
}
