/** Formatting of Markdown: emphasis, lists, headings, links, tables, and what is pasted. */

export { type BubbleAction, formattingBubble, type MoreActions, setBubbleActions } from './bubble';
export { type InlineMark, toggleInline } from './inline';
export { type LineKind, setHeading, toggleLines } from './lines';
export { insertLink } from './link';
export { markdownPaste } from './paste';
export { alignTable, insertTable, tableKeys } from './table';
