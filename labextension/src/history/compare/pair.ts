/** Two texts of a spec that are compared: an older version, and a newer one or the text as it is now (`null`). */
export interface Pair {
  readonly specId: string;
  readonly older: number;
  readonly newer: number | null;
}

/** The pair of these versions, the older one first. */
export function pairOf(specId: string, one: number, other: number | null): Pair {
  return other === null
    ? { specId, older: one, newer: null }
    : { specId, older: Math.min(one, other), newer: Math.max(one, other) };
}

/** The id of the tab in which a pair is compared. */
export function idOfPair({ specId, older, newer }: Pair): string {
  return `jupyter-speccollab:compare:${specId}:${older}:${newer ?? 'now'}`;
}
