import { nthIndex, occurrences } from './words';

/** The longest text of a block, in UTF-16 units, in which a place is looked for. */
const LONGEST = 20_000;
/** How many UTF-16 units beside a position are compared. */
const BESIDE = 40;
/** Elements whose text is not in the source, or not as it is written. */
const OTHER = '.jp-SpecPreview-permalink, .jp-SpecPreview-carets, mjx-container, button';
/** What is rendered as it is written. */
const PLAIN = String.raw`[\p{L}\p{M}\p{N} ,;:.%'’"“”–—?/=+-]`;
const BEFORE = new RegExp(`(${PLAIN}*)[*_~\`]*( *)$`, 'u');
const AFTER = new RegExp(`^(?:[*_~\`#>\\s]|[-+]\\s|\\d+\\.\\s)*(${PLAIN}*)`, 'u');
const LIST_MARK = /^\s*(?:[-+]|\d+\.)\s+/;

/** A place in a rendered block. */
export interface RenderedPlace {
  /** Collapsed. */
  readonly range: Range;
  /** Whether it is that of the position, and not the end of the block. */
  readonly isFound: boolean;
  /** A space that the source has before the place, and that is not rendered since nothing follows it. */
  readonly space: '' | ' ';
}

/**
 * Where a position of a block's source is in the rendered block: beside the words that are beside it in its line of the
 * source. Where these are not rendered as they are written, it is the end of the block.
 *
 * Law (`renderedPlace.test.ts`): the words before the position in the source are before the place, too.
 */
export function renderedPlace(block: HTMLElement, source: string, at: number): RenderedPlace {
  const texts = source.length <= LONGEST ? textsIn(block) : [];
  const rendered = texts.map(({ data }) => data).join('');
  const lineStart = source.lastIndexOf('\n', at - 1) + 1;
  const before = source.slice(Math.max(lineStart, at - BESIDE), at);
  const [, run = '', spaces = ''] =
    BEFORE.exec(lineStart < at - BESIDE ? before : before.replace(LIST_MARK, '')) ?? [];
  const word = run.trim();
  if (word) {
    const from = source.lastIndexOf(word, at - word.length);
    const found = sameIn(rendered, source, word, from);
    if (found !== null) {
      const end = found + word.length;
      const hasSpace = spaces !== '' || run.endsWith(' ');
      const isRendered = hasSpace && /\s/.test(rendered.charAt(end));
      const range = rangeAt(texts, end + (isRendered ? 1 : 0), 'before');
      return { range, isFound: true, space: hasSpace && !isRendered ? ' ' : '' };
    }
  } else {
    const lineEnd = source.indexOf('\n', at);
    const after = source.slice(at, Math.min(at + BESIDE, lineEnd < 0 ? Infinity : lineEnd));
    const next = AFTER.exec(after)?.[1]?.trim() ?? '';
    const found = next ? sameIn(rendered, source, next, source.indexOf(next, at)) : null;
    if (found !== null) {
      return { range: rangeAt(texts, found, 'after'), isFound: true, space: '' };
    }
  }
  return { range: endOf(block), isFound: false, space: '' };
}

/** Where the word at `from` of `source` is in `rendered`; `null` if one of them has it more often. */
function sameIn(rendered: string, source: string, word: string, from: number): number | null {
  const isSame = occurrences(rendered, word) === occurrences(source, word);
  return isSame ? nthIndex(rendered, word, occurrences(source.slice(0, from), word)) : null;
}

function textsIn(block: HTMLElement): Text[] {
  const accept = (node: Node) =>
    node instanceof Text
      ? NodeFilter.FILTER_ACCEPT
      : (node as Element).matches(OTHER)
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_SKIP;
  const kinds = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
  const walker = document.createTreeWalker(block, kinds, accept);
  const texts: Text[] = [];
  while (walker.nextNode()) {
    texts.push(walker.currentNode as Text);
  }
  return texts;
}

/** The place at an offset of all texts: in the one that ends there, or in the one that begins there. */
function rangeAt(texts: readonly Text[], offset: number, side: 'before' | 'after'): Range {
  const range = document.createRange();
  let start = 0;
  for (const text of texts) {
    const end = start + text.length;
    if (side === 'before' ? offset <= end : offset < end) {
      range.setStart(text, offset - start);
      break;
    }
    start = end;
  }
  range.collapse(true);
  return range;
}

/** The end of the last paragraph, item or line of code; of the block, where it ends with something else. */
function endOf(block: HTMLElement): Range {
  let last: Element = block;
  for (let next: Element | null = block; next;) {
    last = next;
    const inside: Element[] = [...next.children].filter(each => !each.matches(OTHER));
    next = inside.at(-1)?.matches('p, ul, ol, li, pre, code, blockquote, h1, h2, h3, h4, h5, h6')
      ? inside.at(-1)!
      : null;
  }
  const range = document.createRange();
  range.selectNodeContents(last);
  const own = [...last.children].find(each => each.matches(OTHER));
  if (own && !own.nextElementSibling) {
    range.setEndBefore(own);
  }
  range.collapse(false);
  return range;
}
