import { type ChunkEntries, type ChunkEntry, hasSlug } from './chunkEntries';
import type { EntryName } from './entryName';

/** What the entries of a chunk are called among all of the text. */
export interface Numbers {
  /** The id of each entry; empty for a task, whose number is counted. */
  readonly ids: readonly string[];
  /** Which of them have a name that an entry before has. */
  readonly duplicates: readonly boolean[];
}

/** Gives ids in the order of the text: slugs, and which name is met again. */
export class Numbering {
  private readonly slugs = new Set<string>();
  /** For each slug the number up to which its followers are taken. */
  private readonly followers = new Map<string, number>();
  private readonly names = new Set<string>();

  number({ entries }: ChunkEntries): Numbers {
    const ids: string[] = [];
    const duplicates: boolean[] = [];
    for (const entry of entries) {
      const name = nameOf(entry);
      ids.push(hasSlug(entry) ? this.headingId(entry.called) : (name ?? ''));
      duplicates.push(name !== null && this.names.has(name));
      if (name !== null) {
        this.names.add(name);
      }
    }
    return { ids, duplicates };
  }

  private headingId({ explicit, slug }: EntryName): string {
    let id = explicit ?? slug;
    if (explicit === null && this.slugs.has(slug)) {
      let number = this.followers.get(slug) ?? 1;
      while (this.slugs.has(`${slug}-${number}`)) {
        number++;
      }
      this.followers.set(slug, number);
      id = `${slug}-${number}`;
    }
    this.slugs.add(id);
    return id;
  }
}

/** The name that nothing else should have; `null` for an entry without one. */
function nameOf(entry: ChunkEntry): string | null {
  return hasSlug(entry) ? null : entry.called.name;
}

/** Whether two entries get the same ids, and make the same of those after them. */
function isNumberedAlike(one: ChunkEntry, other: ChunkEntry): boolean {
  return (
    nameOf(one) === nameOf(other) &&
    hasSlug(one) === hasSlug(other) &&
    (!hasSlug(one) ||
      (one.called.slug === other.called.slug && one.called.explicit === other.called.explicit))
  );
}

/** The numbers of `after`, whose chunks take the place of `before`; `null` if they are not those of `before`. */
export function renumbered(
  before: readonly ChunkEntries[],
  numbers: readonly Numbers[],
  after: readonly ChunkEntries[]
): Numbers[] | null {
  const known = before.flatMap(({ entries }, chunk) =>
    entries.flatMap((entry, index) =>
      isTask(entry)
        ? []
        : {
            entry,
            id: numbers[chunk].ids[index],
            isDuplicate: numbers[chunk].duplicates[index]
          }
    )
  );
  let next = 0;
  let isAlike = true;
  const found = after.map(({ entries }) => {
    const ids: string[] = [];
    const duplicates: boolean[] = [];
    for (const entry of entries) {
      const same = isTask(entry) ? null : known[next++];
      isAlike &&= same === null || (same !== undefined && isNumberedAlike(entry, same.entry));
      ids.push(same?.id ?? '');
      duplicates.push(same?.isDuplicate ?? false);
    }
    return { ids, duplicates };
  });
  return isAlike && next === known.length ? found : null;
}

function isTask(entry: ChunkEntry): boolean {
  return !hasSlug(entry) && entry.called.name === null;
}
