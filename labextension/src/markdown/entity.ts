/** Character references (`&copy;`, `&#169;`) as CommonMark reads them. */

export const ENTITY = /&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-zA-Z][a-zA-Z0-9]{1,31}));/y;

const REPLACEMENT = '\ufffd';
const decoded = new Map<string, string | null>();

/** The text that a reference stands for, which {@link ENTITY} has matched; `null` if it is none. */
export function entityText(reference: string): string | null {
  ENTITY.lastIndex = 0;
  const [, hex, decimal, name] = ENTITY.exec(reference) ?? [];
  if (name === undefined) {
    return characterOf(hex === undefined ? Number(decimal) : parseInt(hex, 16));
  }
  let text = decoded.get(reference);
  if (text === undefined) {
    text = namedText(reference);
    decoded.set(reference, text);
  }
  return text;
}

/** The browser knows all names. It also takes `&copyright;` for `&copy` and more, and leaves the rest as it is. */
function namedText(reference: string): string | null {
  const template = document.createElement('template');
  template.innerHTML = reference;
  const text = template.content.textContent ?? '';
  return text.endsWith(';') && reference !== '&semi;' ? null : text;
}

/** Controls and code points that stand for no character are shown as U+FFFD. */
function characterOf(code: number): string {
  const isControl =
    code <= 8 || code === 0x0b || (code >= 0x0e && code <= 0x1f) || (code >= 0x7f && code <= 0x9f);
  const isNone =
    code > 0x10ffff ||
    (code >= 0xd800 && code <= 0xdfff) ||
    (code >= 0xfdd0 && code <= 0xfdef) ||
    (code & 0xfffe) === 0xfffe;
  return isControl || isNone ? REPLACEMENT : String.fromCodePoint(code);
}
