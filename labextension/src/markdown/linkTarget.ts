import { type Element, InlineContext } from '@lezer/markdown';

/** The labels of the link definitions of a text, as {@link labelKey} gives them. */
export interface LinkTargets {
  has(label: string): boolean;
}

/** An opening bracket, or a part of a text that has been read; `null`: neither any more. */
interface Bracket {
  readonly type: unknown;
  readonly from: number;
  readonly to: number;
  /** 0: a link can't begin here, since it would hold another one. */
  side: number;
}
interface Internals {
  readonly parts: (Bracket | Element | null)[];
}

/** The greatest number of round brackets inside each other in an address. */
const DEEPEST = 32;
/** The greatest length of a label, in UTF-16 units. */
const LONGEST_LABEL = 999;

/** A label as it is compared with others: without regard to case, and to how much white space there is. */
export function labelKey(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase();
}

/**
 * Makes a link or an image where a bracket closes. Unlike Lezer's own rule it knows the definitions: without one,
 * `[text]` and `[text][label]` are text, and may be inside a link.
 */
export function linkEnd(
  context: InlineContext,
  next: number,
  at: number,
  targets: LinkTargets
): number {
  if (next !== 93 /* ] */) {
    return -1;
  }
  const { parts } = context as unknown as Internals;
  const index = parts.findLastIndex(part => part !== null && isBracket(part));
  const bracket = parts[index] as Bracket | undefined;
  if (!bracket) {
    return -1;
  }
  const to = bracket.side ? targetEnd(context, bracket.to, at, targets) : -1;
  if (to < 0) {
    parts[index] = null;
    return -1;
  }
  const isImage = bracket.type === InlineContext.imageStart;
  const content = [
    context.elt('LinkMark', bracket.from, bracket.to),
    ...context.takeContent(index),
    context.elt('LinkMark', at, to)
  ];
  context.addElement(context.elt(isImage ? 'Image' : 'Link', bracket.from, to, content));
  for (const part of isImage ? [] : parts) {
    if (part && 'side' in part && part.type === InlineContext.linkStart) {
      part.side = 0;
    }
  }
  return to;
}

function isBracket(part: Bracket | Element): part is Bracket {
  const { linkStart, imageStart } = InlineContext;
  const type: unknown = part.type;
  return type === linkStart || type === imageStart;
}

/** Where the link ends whose text is between `from` and `at`; -1 if it is none. */
function targetEnd(context: InlineContext, from: number, at: number, targets: LinkTargets): number {
  const { text, offset } = context;
  const after = at + 1 - offset;
  const inline = text[after] === '(' ? addressEnd(text, after + 1) : -1;
  if (inline >= 0) {
    return inline + offset;
  }
  const label =
    text[after] === '[' ? LABEL.exec(text.slice(after, after + LONGEST_LABEL + 2)) : null;
  const [whole, inside] = label ?? ['', ''];
  const key = labelKey(inside || context.slice(from, at));
  return key && targets.has(key) ? after + whole.length + offset : -1;
}

const LABEL = /^\[((?:[^\\[\]]|\\[^])*)\]/;

/** The end of `(address "title")` behind its first bracket; -1 if it is not complete. */
function addressEnd(text: string, start: number): number {
  let at = spaceEnd(text, start);
  const address = text[at] === '<' ? pointedEnd(text, at) : plainEnd(text, at);
  if (address >= 0) {
    at = spaceEnd(text, address);
    const title = at > address ? titleEnd(text, at) : -1;
    at = title >= 0 ? spaceEnd(text, title) : at;
  }
  return text[at] === ')' ? at + 1 : -1;
}

function spaceEnd(text: string, start: number): number {
  let at = start;
  while (' \t\n'.includes(text[at] ?? '.')) {
    at++;
  }
  return at;
}

function pointedEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length && text[at] !== '\n' && text[at] !== '<'; at++) {
    if (text[at] === '>') {
      return at + 1;
    }
    at += text[at] === '\\' ? 1 : 0;
  }
  return -1;
}

function plainEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  for (; at < text.length && text[at] > ' ' && text[at] !== '\x7f'; at++) {
    if (text[at] === '\\' && (text[at + 1] ?? '') > ' ') {
      at++;
    } else if (text[at] === '(') {
      depth++;
      if (depth > DEEPEST) {
        return -1;
      }
    } else if (text[at] === ')') {
      if (depth === 0) {
        break;
      }
      depth--;
    }
  }
  return depth === 0 && at > start ? at : -1;
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '(': ')' };

function titleEnd(text: string, start: number): number {
  const closing = CLOSING[text[start] ?? ''];
  for (let at = start + 1; closing && at < text.length; at++) {
    if (text[at] === closing) {
      return at + 1;
    }
    if (text[at] === '(' && closing === ')') {
      return -1;
    }
    at += text[at] === '\\' ? 1 : 0;
  }
  return -1;
}
