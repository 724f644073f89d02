import { nthIndex, occurrences } from './words';

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * Where an end of a selection in a rendered block is in the block's source: before the first selected word, or behind
 * the last one. Where that word is not as often in the source as in the block, as in a link's address, it is the
 * beginning or the end of the block.
 *
 * Law (`selectedSource.test.ts`): of plain text it is the same place, but for what is no word.
 */
export function sourceOfEnd(
  block: HTMLElement,
  end: 'start' | 'end',
  { container, offset }: { readonly container: Node; readonly offset: number },
  source: string
): number {
  const before = textBetween(block, null, { container, offset });
  const behind = textBetween(block, { container, offset }, null);
  const words = [...(end === 'start' ? behind : before).matchAll(WORD)];
  const found = end === 'start' ? words[0] : words.at(-1);
  if (!found) {
    // Nothing of this block is selected.
    return end === 'start' ? source.length : 0;
  }
  const [word] = found;
  const count = occurrences(
    end === 'start' ? before + behind.slice(0, found.index) : before.slice(0, found.index),
    word
  );
  if (occurrences(before + behind, word) !== occurrences(source, word)) {
    return end === 'start' ? 0 : source.length;
  }
  return nthIndex(source, word, count) + (end === 'start' ? 0 : word.length);
}

interface Point {
  readonly container: Node;
  readonly offset: number;
}

function textBetween(block: HTMLElement, from: Point | null, to: Point | null): string {
  const range = document.createRange();
  range.selectNodeContents(block);
  if (from) {
    range.setStart(from.container, from.offset);
  }
  if (to) {
    range.setEnd(to.container, to.offset);
  }
  return range.toString();
}
