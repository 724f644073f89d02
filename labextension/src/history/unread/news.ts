import type { Hunk, SubjectChange, SubjectChanges } from '../../server/readMarks';
import { codePointLength } from '../../text';
import type { Gone } from './fresh';

/** What the line above the text tells about what others changed. */
export interface News {
  /** The titles of the headings and requirements that were changed; empty where that is not known. */
  readonly sections: readonly string[];
  /** Those of them that are not there any more. */
  readonly removed: readonly string[];
  /** Who changed them, by name. */
  readonly people: readonly string[];
  /** When the first of these changes was made, in milliseconds since 1970. */
  readonly since: number;
  /** The version that the reader saw last, with which the present text can be compared. */
  readonly from: number;
}

/** The entries in which others than `me` had a part. */
export function byOthers(entries: readonly SubjectChange[], me: string): readonly SubjectChange[] {
  return entries.filter(({ people }) => people.some(({ userId }) => userId !== me));
}

/** The news of these entries; `null` where there are none. */
export function newsOf(
  entries: readonly SubjectChange[],
  me: string,
  since: number,
  from: number
): News | null {
  const titlesOf = (isDeleted: boolean) =>
    entries.flatMap(({ subject }) =>
      (subject?.deleted ?? false) === isDeleted ? titleOf(subject) : []
    );
  const people = entries.flatMap(each => each.people).filter(({ userId }) => userId !== me);
  return entries.length
    ? {
        sections: titlesOf(false),
        removed: titlesOf(true),
        people: [...new Map(people.map(({ userId, userName }) => [userId, userName])).values()],
        since,
        from
      }
    : null;
}

/** Where others than `me` removed letters and nothing came, in code points of the newer text of these hunks. */
export function goneIn(
  hunks: readonly Hunk[],
  { from, entries }: SubjectChanges,
  me: string
): readonly Gone[] {
  const times = new Map<string, number>();
  for (const { removed, people, lastModified } of entries) {
    for (const { userId } of removed > 0 ? people : []) {
      const time = Math.floor(Date.parse(lastModified) / 1000);
      times.set(userId, Math.max(times.get(userId) ?? 0, time));
    }
  }
  let shift = 0;
  return hunks.flatMap(({ position, removed, added, authors }) => {
    const at = position + shift;
    shift += codePointLength(added) - codePointLength(removed);
    const userId = Object.keys(authors).find(each => each !== me);
    return added || userId === undefined
      ? []
      : { at, version: from + 1, by: { userId, time: times.get(userId) ?? 0 }, isSeen: false };
  });
}

/** The name and title of a subject; empty before the first heading. */
function titleOf(subject: SubjectChange['subject']): string {
  if (!subject) {
    return '';
  }
  const isNamed = subject.kind === 'requirement' && /^[A-Z]/.test(subject.id);
  return isNamed ? `${subject.id} ${subject.title}`.trim() : subject.title || subject.id;
}
