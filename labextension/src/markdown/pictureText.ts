/** A picture of a spec, as a text names it. Positions are UTF-16 units. */
export interface PictureInText {
  readonly from: number;
  readonly to: number;
  readonly attachmentId: string;
  /** `attachments/<id>.<extension>`. */
  readonly path: string;
  readonly alt: string;
  readonly title: string;
  /** As in the HTML attribute; `null` where the text names none. */
  readonly width: string | null;
}

/** A picture in Markdown or in HTML. What repeats is bounded, so that no text makes the search slow. */
const PICTURE = new RegExp(
  '!\\[((?:[^\\[\\]\\\\\\n]|\\\\.){0,500})\\]\\(\\s{0,9}<?(?:\\./)?(attachments/([0-9a-f]{64})(?:\\.[a-z]{1,5})?)>?' +
    '(?:[ \\t]{1,9}(?:"([^"\\n]{0,500})"|\'([^\'\\n]{0,500})\'))?\\s{0,9}\\)' +
    '|<img\\b((?:[^<>"\']|"[^"<>]{0,1000}"|\'[^\'<>]{0,1000}\'){0,60})>',
  'gi'
);
const ATTRIBUTE = /([a-z][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))/gi;
const PATH = /^(?:\.\/)?(attachments\/([0-9a-f]{64})(?:\.[a-z]{1,5})?)$/;

/** The pictures of the spec that a text names, in order. Those of other places are none. */
export function picturesIn(text: string): readonly PictureInText[] {
  const found: PictureInText[] = [];
  for (const match of text.matchAll(PICTURE)) {
    const place = { from: match.index, to: match.index + match[0].length };
    const picture = match[6] === undefined ? inMarkdown(match) : inHtml(match[6]);
    if (picture) {
      found.push({ ...place, ...picture });
    }
  }
  return found;
}

function inMarkdown(match: RegExpMatchArray): Omit<PictureInText, 'from' | 'to'> {
  const [, alt = '', path = '', attachmentId = '', doubled, single] = match;
  const title = doubled ?? single ?? '';
  return { alt: alt.replace(/\\(.)/g, '$1'), path, attachmentId, title, width: null };
}

function inHtml(attributes: string): Omit<PictureInText, 'from' | 'to'> | null {
  const named = new Map<string, string>();
  for (const [, name = '', doubled, single, bare] of attributes.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase();
    if (!named.has(key)) {
      named.set(key, unescaped(doubled ?? single ?? bare ?? ''));
    }
  }
  const [, path, attachmentId] = PATH.exec(named.get('src') ?? '') ?? [];
  if (!path || !attachmentId) {
    return null;
  }
  const [alt, title] = [named.get('alt') ?? '', named.get('title') ?? ''];
  return { alt, title, path, attachmentId, width: named.get('width') ?? null };
}

/** What a spec's text says of a new picture. */
export function pictureMarkdown(name: string, path: string): string {
  return `![${altOf(name)}](${path})`;
}

/** A picture with a width in pixels. Markdown has none, so it is HTML, which keeps the other words of the picture. */
export function withWidth({ alt, title, path }: PictureInText, width: number): string {
  const titled = title ? ` title="${escaped(title)}"` : '';
  return `<img src="${path}" width="${Math.round(width)}" alt="${escaped(alt)}"${titled}>`;
}

/** The name of a file as the words of a picture: without its extension, in one line, and so that Markdown reads it. */
function altOf(name: string): string {
  const words = name
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replace(/\s+/g, ' ')
    .trim();
  return words.slice(0, 200).replace(/[\\[\]`*_<>!&]/g, '\\$&');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  '<': '&lt;',
  '>': '&gt;'
};

function escaped(text: string): string {
  return text.replace(/[&"<>]/g, each => ENTITIES[each]!);
}

function unescaped(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
