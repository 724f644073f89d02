/**
 * Where the selected word of a rendered block is in its source: the same word, counted from the block's beginning; 0
 * where it isn't in the source as it is shown.
 */
export function wordAt(block: Node, selection: Selection | null, source: string): number {
  const word = selection?.toString().trim() ?? '';
  if (!word || !selection?.rangeCount || !block.contains(selection.anchorNode)) {
    return 0;
  }
  const before = document.createRange();
  const { startContainer, startOffset } = selection.getRangeAt(0);
  before.setStart(block, 0);
  before.setEnd(startContainer, startOffset);
  return nthIndex(source, word, occurrences(before.toString(), word));
}

/** How often a text holds a word. */
export function occurrences(text: string, word: string): number {
  return text.split(word).length - 1;
}

/** Where a word is after it has occurred `count` times; its last place if it doesn't occur so often, 0 if never. */
export function nthIndex(text: string, word: string, count: number): number {
  let index = text.indexOf(word);
  for (let left = count; left > 0; left--) {
    const next = text.indexOf(word, index + word.length);
    if (next < 0) {
      break;
    }
    index = next;
  }
  return Math.max(0, index);
}
