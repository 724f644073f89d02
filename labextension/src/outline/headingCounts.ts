import type { EditorView } from '@codemirror/view';

import { Listeners } from '../runtime';

/** How many open comments are in a section, and that in words. */
export interface HeadingCount {
  readonly count: number;
  readonly label: string;
}

/** By the id of the heading; one without a count has none. */
export type HeadingCounts = ReadonlyMap<string, HeadingCount>;

/** The attribute of a heading in the table of contents that holds its number of open comments. */
export const COUNT_ATTRIBUTE = 'data-spec-comments';

const NONE: HeadingCounts = new Map();
const known = new WeakMap<EditorView, HeadingCounts>();
const listeners = new WeakMap<EditorView, Listeners<void>>();

/** Has the table of contents show these counts. */
export function setHeadingCounts(view: EditorView, counts: HeadingCounts): void {
  const before = headingCounts(view);
  const isSame =
    before.size === counts.size &&
    [...counts].every(([id, { label }]) => before.get(id)?.label === label);
  if (!isSame) {
    known.set(view, counts);
    listeners.get(view)?.tell();
  }
}

export function headingCounts(view: EditorView): HeadingCounts {
  return known.get(view) ?? NONE;
}

/** Calls back when there are other counts; returns a function that ends that. */
export function onHeadingCounts(view: EditorView, listener: () => void): () => void {
  const all = listeners.get(view) ?? new Listeners<void>();
  listeners.set(view, all);
  return all.add(listener);
}
