import type { SubjectChange } from '../../server/readMarks';

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

/** A section from which others took letters while nothing came. */
export interface Removal {
  readonly id: string;
  readonly version: number;
  readonly userId: string;
  /** In seconds since 1970. */
  readonly time: number;
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

/** Where letters went and none came. */
export function removalsOf(entries: readonly SubjectChange[], me: string): readonly Removal[] {
  return entries.flatMap(({ subject, added, people, lastVersion, lastModified }) => {
    const person = people.find(({ userId }) => userId !== me);
    return subject && !subject.deleted && added === 0 && person
      ? {
          id: subject.id,
          version: lastVersion,
          userId: person.userId,
          time: Math.floor(Date.parse(lastModified) / 1000)
        }
      : [];
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
