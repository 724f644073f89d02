import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import type { Outline } from './outline';
import type { Lines } from './lines';

/** A part of a text, in UTF-16 units. */
interface Extent {
  readonly from: number;
  readonly to: number;
}

/**
 * The hash of an extent of the text that `outline` is of: of its words alone, so that neither white space nor a box
 * that is ticked changes it. SHA-256, in hexadecimal digits.
 */
export function textHash(
  { boxes }: Pick<Outline, 'boxes'>,
  text: Lines,
  { from, to }: Extent
): string {
  let content = '';
  let done = from;
  for (let index = firstFrom(boxes, from); index < boxes.length && boxes[index] < to; index++) {
    content += `${text.sliceString(done, boxes[index])}[ ]`;
    done = boxes[index] + '[ ]'.length;
  }
  content += text.sliceString(done, to);
  const words = content.replace(/[ \t\n]+/g, ' ').replace(/^ | $/g, '');
  return bytesToHex(sha256(utf8ToBytes(words)));
}

/** The index of the first box at `position` or behind it. */
function firstFrom(boxes: readonly number[], position: number): number {
  let [low, high] = [0, boxes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (boxes[middle] < position) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
