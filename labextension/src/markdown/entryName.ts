import type { VisibleText } from './visibleText';

/** What an entry of an outline is called, and what follows. `slug`: its id is its slug. */
export interface EntryName {
  readonly name: string | null;
  readonly isSlug: boolean;
  readonly title: string;
  /** The id that a heading gives itself by `{#id}` at its end. */
  readonly explicit: string | null;
  readonly slug: string;
}

const NAME = /^[A-Z][A-Z0-9]{0,15}-[0-9]{1,9}(?:[.-][0-9]+)*/;
const TASK_NAME = /^[A-Z]{1,4}[0-9]{3,6}/;
const NUMBERED = /^Requirement(?::|[ \t\n][0-9]+(?:[.-][0-9]+)*)/;
const GOES_ON = /^[\p{L}\p{Nd}_-]/u;
const PART = /[.-][0-9]+$/;
const BETWEEN = /^[ \t\n:.)\u002d\u2013\u2014]+/;
const EXPLICIT = /[ \t\n]*\{#([^{} \t\n]+)\}$/;

/** What a heading is called. */
export function headingName(visible: VisibleText): EntryName {
  const explicit = EXPLICIT.exec(visible.text);
  const text = explicit ? visible.text.slice(0, explicit.index) : visible.text;
  const name = nameAt({ ...visible, text });
  const numbered = NUMBERED.exec(text)?.[0];
  const isNumbered = name === null && numbered !== undefined && !isCode(visible, numbered.length);
  const begun = name ?? (isNumbered ? numbered : null);
  return {
    name: begun,
    isSlug: isNumbered,
    title: begun === null ? text : titleAfter(text, begun),
    explicit: explicit?.[1] ?? null,
    slug: slugOf(text)
  };
}

/** What an item or a row is called. */
export function itemName(visible: VisibleText, hasBox: boolean): EntryName {
  const name = nameAt(visible) ?? (hasBox ? fitting(visible, TASK_NAME) : null);
  const title = name === null ? visible.text : titleAfter(visible.text, name);
  return { name, isSlug: false, title, explicit: null, slug: '' };
}

/** The longest name that the text begins with. */
function nameAt(visible: VisibleText): string | null {
  return fitting(visible, NAME);
}

function fitting(visible: VisibleText, expression: RegExp): string | null {
  let name = expression.exec(visible.text)?.[0] ?? '';
  while (name && (GOES_ON.test(visible.text.slice(name.length)) || isCode(visible, name.length))) {
    // Without its last part it may be one: `FR-1.2x` begins with `FR-1`.
    const shorter = name.replace(PART, '');
    name = shorter !== name && expression.test(shorter) ? shorter : '';
  }
  return name || null;
}

function isCode({ code }: VisibleText, length: number): boolean {
  return code.some(([from, to]) => from < length && to > from);
}

function titleAfter(text: string, name: string): string {
  return text.slice(name.length).replace(BETWEEN, '');
}

/** As GitHub makes it. */
function slugOf(text: string): string {
  const slug = text
    .toLowerCase()
    .replace(/ /g, '-')
    .replace(/[^\p{L}\p{M}\p{Nd}\p{Pc}-]/gu, '');
  return slug || 'section';
}
