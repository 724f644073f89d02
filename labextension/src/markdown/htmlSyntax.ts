/** HTML in Markdown, as CommonMark 0.31 has it. The expressions are for a line or a text from its `<` on. */

const ATTRIBUTE = `[ \\t\\n]+[a-zA-Z_:][\\w:.-]*(?:[ \\t\\n]*=[ \\t\\n]*(?:[^"'=<>\`\\x00-\\x20]+|'[^']*'|"[^"]*"))?`;
const OPEN_TAG = `<[a-zA-Z][a-zA-Z0-9-]*(?:${ATTRIBUTE})*[ \\t\\n]*/?>`;
const CLOSE_TAG = '</[a-zA-Z][a-zA-Z0-9-]*[ \\t\\n]*>';

/** A tag, a comment, an instruction, a declaration or CDATA. To be matched at its `lastIndex`. */
export const INLINE_HTML = new RegExp(
  `${OPEN_TAG}|${CLOSE_TAG}|<!---?>|<!--[^]*?-->|<[?][^]*?[?]>|<![a-zA-Z][^>]*>|<!\\[CDATA\\[[^]*?\\]\\]>`,
  'y'
);

/** `<https://…>` or `<name@example.org>`; the first group is what stands between the brackets. */
export const AUTOLINK =
  // eslint-disable-next-line no-control-regex
  /<([a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^<>\x00-\x20]*|[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*)>/y;

const BLOCK_TAGS =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|' +
  'dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|' +
  'menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|' +
  'title|tr|track|ul';

/** How a block of HTML begins, and what the line contains that ends it; `null`: a blank line ends it. */
interface HtmlBlock {
  readonly begin: RegExp;
  readonly end: RegExp | null;
  readonly kind: 'HTMLBlock' | 'CommentBlock' | 'ProcessingInstructionBlock';
  readonly endsParagraph: boolean;
}

const HTML_BLOCKS: readonly HtmlBlock[] = [
  block(/^<(?:script|pre|style|textarea)(?:[ \t>]|$)/i, /<\/(?:script|pre|style|textarea)>/i),
  { ...block(/^<!--/, /-->/), kind: 'CommentBlock' },
  { ...block(/^<\?/, /\?>/), kind: 'ProcessingInstructionBlock' },
  block(/^<![a-zA-Z]/, />/),
  block(/^<!\[CDATA\[/, /\]\]>/),
  block(new RegExp(`^</?(?:${BLOCK_TAGS})(?:[ \\t]|/?>|$)`, 'i'), null),
  { ...block(new RegExp(`^(?:${OPEN_TAG}|${CLOSE_TAG})[ \\t]*$`), null), endsParagraph: false }
];

function block(begin: RegExp, end: RegExp | null): HtmlBlock {
  return { begin, end, kind: 'HTMLBlock', endsParagraph: true };
}

/** The block of HTML that a line begins; `undefined` if it begins none. */
export function htmlBlockAt(line: string): HtmlBlock | undefined {
  return line.startsWith('<') ? HTML_BLOCKS.find(({ begin }) => begin.test(line)) : undefined;
}
