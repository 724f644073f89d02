import type { Text } from '@codemirror/state';

/** A match of a query in a document; offsets in UTF-16 units. */
export interface Match {
  readonly from: number;
  readonly to: number;
  readonly found: RegExpExecArray;
}

/** All matches, from the first to the last; empty ones, such as those of `(?=x)`, are left out. */
export function allMatches(query: RegExp, doc: Text): readonly Match[] {
  const flags = query.flags.replace(/[gy]/g, '');
  const text = doc.sliceString(0, doc.length, '\n');
  const matches: Match[] = [];
  for (const found of text.matchAll(new RegExp(query.source, `${flags}g`))) {
    if (found[0]) {
      matches.push({ from: found.index, to: found.index + found[0].length, found });
    }
  }
  return matches;
}

/** The index of the first match at or after `offset`; -1 where there is none. */
export function nearest(matches: readonly Match[], offset: number): number {
  let [low, high] = [0, matches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((matches[middle] as Match).from < offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < matches.length ? low : -1;
}

/**
 * A replacement with what the query's groups matched, as in `String.replace`: `$1`, `$<name>`, `$&` and `$$`.
 *
 * The query is not run on the match alone, where what it looks for before or after would be missing.
 */
export function expanded(replacement: string, { found }: Match): string {
  return replacement.replace(/\$(?:([$&])|(\d\d?)|<([^>]*)>)/g, (whole, sign, digits, name) => {
    if (sign) {
      return sign === '$' ? '$' : found[0];
    }
    if (name !== undefined) {
      return found.groups ? (found.groups[name] ?? '') : whole;
    }
    const [two, one] = [Number(digits), Number(String(digits)[0])];
    if (two > 0 && two < found.length) {
      return found[two] ?? '';
    }
    return one > 0 && one < found.length ? (found[one] ?? '') + String(digits).slice(1) : whole;
  });
}
