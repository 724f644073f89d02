import type { OutlineEntry } from '../markdown/outline';

/** The attribute of an element that shows a heading, in which its id stands. */
export const HEADING_ATTRIBUTE = 'data-spec-heading';

/** An entry as it is read: with the name of a requirement. */
export function headingText({ kind, id, title }: OutlineEntry): string {
  // The id of a requirement without a name of its own is a slug, which has no capital letters.
  const isNamed = kind === 'requirement' && /^[A-Z]/.test(id);
  return isNamed ? `${id} ${title}`.trim() : title || id;
}
