/**
 * Code points in JavaScript's strings, which are made of UTF-16 units: a character outside the Basic
 * Multilingual Plane, such as an emoji, is one code point in two units, a surrogate pair.
 */

const HIGH_SURROGATE = /[\ud800-\udbff]/;

/** The number of code points in `text`. Fast if the text has no surrogates. */
export function codePointLength(text: string): number {
  return HIGH_SURROGATE.test(text) ? text.length - pairsIn(text) : text.length;
}

/**
 * The UTF-16 index that lies `count` code points after the index `from`, or the end of `text` if it has fewer.
 * Takes time in proportion to `count`, not to the length of the text.
 */
export function unitIndex(text: string, count: number, from = 0): number {
  let index = from;
  for (let left = Math.min(count, text.length - from); left > 0 && index < text.length; left--) {
    index += isPairAt(text, index) ? 2 : 1;
  }
  return index;
}

/** The number of code points from one UTF-16 index to another; neither lies inside a surrogate pair. */
export type CodePointCounter = (start: number, end: number) => number;

/** A counter for `text`. Reads the text once; each count then takes constant time. */
export function codePointCounter(text: string): CodePointCounter {
  if (!HIGH_SURROGATE.test(text)) {
    return (start, end) => end - start;
  }
  const pairsBefore = new Uint32Array(text.length + 1);
  for (let index = 0; index < text.length; index++) {
    pairsBefore[index + 1] = pairsBefore[index] + (isPairAt(text, index) ? 1 : 0);
  }
  return (start, end) => end - start - (pairsBefore[end] - pairsBefore[start]);
}

/** Whether a surrogate pair begins at the UTF-16 index `index`. */
export function isPairAt(text: string, index: number): boolean {
  return (
    (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00
  );
}

function pairsIn(text: string): number {
  let pairs = 0;
  for (let index = 0; index < text.length; index++) {
    if (isPairAt(text, index)) {
      pairs++;
      index++;
    }
  }
  return pairs;
}
