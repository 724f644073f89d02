import { type Element, InlineContext, type InlineParser } from '@lezer/markdown';

import { ENTITY, entityText } from './entity';
import { AUTOLINK, INLINE_HTML } from './htmlSyntax';
import { type LinkTargets, linkEnd } from './linkTarget';

const BACKTICK = 96;

/** The rules for text that differ from CommonMark in Lezer's parser, and take the place of its own. */
export function inlineRules(targets: LinkTargets): InlineParser[] {
  return [
    { name: 'Entity', parse: entity },
    { name: 'InlineCode', parse: code },
    { name: 'HTMLTag', parse: angle },
    { name: 'Emphasis', parse: emphasis },
    { name: 'LinkEnd', parse: (context, next, at) => linkEnd(context, next, at, targets) }
  ];
}

/** What `expression` matches at `at`; empty if it doesn't. */
function matchAt(expression: RegExp, { text, offset }: InlineContext, at: number): string {
  expression.lastIndex = at - offset;
  return expression.exec(text)?.[0] ?? '';
}

function entity(context: InlineContext, next: number, at: number): number {
  const found = next === 38 /* & */ ? matchAt(ENTITY, context, at) : '';
  return found && entityText(found) !== null ? add(context, 'Entity', at, found.length) : -1;
}

/** Backticks that nothing closes are text, all of them together. */
function code(context: InlineContext, next: number, at: number): number {
  if (next !== BACKTICK) {
    return -1;
  }
  const start = runEnd(context, at);
  const size = start - at;
  for (let to = start; to < context.end;) {
    const from = context.text.indexOf('`', to - context.offset) + context.offset;
    if (from < to) {
      break;
    }
    to = runEnd(context, from);
    if (to - from === size) {
      const marks = [context.elt('CodeMark', at, start), context.elt('CodeMark', from, to)];
      return context.addElement(context.elt('InlineCode', at, to, marks));
    }
  }
  return start;
}

/** The end of the backticks that begin at `at`. */
function runEnd(context: InlineContext, at: number): number {
  let end = at;
  while (context.char(end) === BACKTICK) {
    end++;
  }
  return end;
}

function angle(context: InlineContext, next: number, at: number): number {
  if (next !== 60 /* < */) {
    return -1;
  }
  const link = matchAt(AUTOLINK, context, at);
  if (link) {
    const to = at + link.length;
    const parts = [
      context.elt('LinkMark', at, at + 1),
      context.elt('URL', at + 1, to - 1),
      context.elt('LinkMark', to - 1, to)
    ];
    return context.addElement(context.elt('Autolink', at, to, parts));
  }
  const tag = matchAt(INLINE_HTML, context, at);
  return tag ? add(context, 'HTMLTag', at, tag.length) : -1;
}

function add(context: InlineContext, type: string, at: number, length: number): number {
  return context.addElement(context.elt(type, at, at + length) satisfies Element);
}

const SPACE = /^$|[\t\n\f\r\p{Zs}]/u;
const PUNCTUATION = /[\p{P}\p{S}]/u;

/** Letters outside of the Basic Multilingual Plane are one character here, unlike in Lezer's rule. */
function emphasis(context: InlineContext, next: number, at: number): number {
  if (next !== 42 /* * */ && next !== 95 /* _ */) {
    return -1;
  }
  let to = at + 1;
  while (context.char(to) === next) {
    to++;
  }
  const [before] = /.?$/su.exec(context.slice(Math.max(context.offset, at - 2), at)) ?? [''];
  const [after] = /^.?/su.exec(context.slice(to, Math.min(context.end, to + 2))) ?? [''];
  const isLeft = !SPACE.test(after) && (!PUNCTUATION.test(after) || isEdge(before));
  const isRight = !SPACE.test(before) && (!PUNCTUATION.test(before) || isEdge(after));
  const isStar = next === 42;
  const opens = isLeft && (isStar || !isRight || PUNCTUATION.test(before));
  const closes = isRight && (isStar || !isLeft || PUNCTUATION.test(after));
  const type = isStar ? InlineContext.emphasisAsterisk : InlineContext.emphasisUnderscore;
  return context.addDelimiter(type, at, to, opens, closes);
}

/** Whether it is white space, punctuation, or the end of the text. */
function isEdge(character: string): boolean {
  return SPACE.test(character) || PUNCTUATION.test(character);
}
