/**
 * What HTML may stand in a preview.
 *
 * JupyterLab's sanitizer takes scripts and event handlers out of a notebook's Markdown. It leaves forms, styles that
 * move an element over the page, buttons that run JupyterLab's commands, and whatever fetches something from
 * elsewhere. Here only what a document consists of stays. Pictures become placeholders, which are no pictures until
 * somebody knows where they come from ([pictures](./pictures.ts)).
 *
 * Laws (`policy.test.ts`): nothing that is not listed here stays; what is kept is kept as it is when it is taken again;
 * `tests/e2e/test_hostile_text.py` renders hostile texts in a browser, and nothing of them runs or is fetched.
 */

/** The attributes that each element may have, besides {@link EVERYWHERE}. Other elements give way to their children. */
const ELEMENTS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...(
    'abbr address article aside b bdi bdo big blockquote br center cite code dd del details dfn dl dt em ' +
    'figcaption figure footer header hr i ins kbd mark pre q rp rt ruby s samp section small span strike ' +
    'strong sub summary sup time tt u ul var wbr'
  )
    .split(' ')
    .map(name => [name, []] as const),
  ...'caption div h1 h2 h3 h4 h5 h6 p table tbody tfoot thead'
    .split(' ')
    .map(name => [name, ['align']] as const),
  ['a', ['href']],
  ['col', ['align', 'span']],
  ['colgroup', ['align', 'span']],
  ['details', ['open']],
  ['img', []],
  ['input', ['type', 'checked']],
  ['li', ['value']],
  ['ol', ['start', 'reversed', 'type']],
  ['td', ['align', 'valign', 'colspan', 'rowspan', 'width']],
  ['th', ['align', 'valign', 'colspan', 'rowspan', 'width', 'scope']],
  ['tr', ['align', 'valign']]
]);
const EVERYWHERE = ['dir', 'lang', 'title', 'class', 'style'];

const HTML = 'http://www.w3.org/1999/xhtml';

/** Elements that go with everything in them. */
const GONE = new Set(
  (
    'applet audio base embed frame frameset head iframe link math meta noembed noframes noscript object ' +
    'plaintext script select style svg template textarea title video xmp'
  ).split(' ')
);

/** Style properties that change nothing outside of their element, and the form of their values. */
const COLOUR = /^[a-z]{1,20}$|^#[0-9a-f]{3,8}$|^rgba?\([\d., %]{1,40}\)$/i;
const STYLES: ReadonlyMap<string, RegExp> = new Map([
  ['color', COLOUR],
  ['background-color', COLOUR],
  ['font-style', /^[a-z]{1,20}$/i],
  ['font-weight', /^[a-z]{1,20}$|^[1-9]00$/i],
  ['text-align', /^[a-z]{1,20}$/i],
  ['text-decoration', /^[a-z -]{1,40}$/i],
  ['vertical-align', /^[a-z-]{1,20}$/i],
  ['width', /^\d{1,4}(px|em|rem|%)$/i]
]);

/** Classes of code that JupyterLab has highlighted, and of its diagrams. */
const CLASSES =
  /^(language-[\w+#.-]{1,40}|ͼ\w{1,6}|tok-[\w-]{1,40}|cm-[\w-]{1,40}|jp-RenderedMermaid|jp-mod-warning|jp-sr-only)$/;

/** The class of a placeholder for a picture; its title tells of the picture as JSON. */
export const PICTURE = 'jp-SpecPreview-picture';

const LONGEST_ADDRESS = 8_000;

/** A picture as the text has it. */
export interface PictureMark {
  readonly src: string;
  readonly alt: string;
  readonly width?: string;
  readonly height?: string;
  readonly title?: string;
}

/** The HTML without everything that is not allowed, and with placeholders for pictures. */
export function pruned(html: string): string {
  // A document of its own: nothing in it is fetched or runs.
  const { body } = new DOMParser().parseFromString(`<body>${html}`, 'text/html');
  prune(body);
  return body.innerHTML;
}

function prune(parent: Element): void {
  for (const node of [...parent.childNodes]) {
    if (node.nodeType === Node.TEXT_NODE) {
      continue;
    }
    const element = node.nodeType === Node.ELEMENT_NODE ? (node as Element) : null;
    if (!element || isGone(element)) {
      node.remove();
      continue;
    }
    prune(element);
    const allowed = ELEMENTS.get(element.localName);
    if (!allowed || isOtherInput(element)) {
      element.replaceWith(...element.childNodes);
    } else if (element.localName === 'img') {
      element.replaceWith(placeholderFor(element));
    } else {
      clean(element, allowed);
    }
  }
}

function isGone({ localName, namespaceURI }: Element): boolean {
  return GONE.has(localName) || namespaceURI !== HTML;
}

/** Of a form's fields only the boxes of task lists stay. */
function isOtherInput(element: Element): boolean {
  return (
    element.localName === 'input' && element.getAttribute('type')?.toLowerCase() !== 'checkbox'
  );
}

function clean(element: Element, allowed: readonly string[]): void {
  for (const { name, value } of [...element.attributes]) {
    const kept =
      allowed.includes(name) || EVERYWHERE.includes(name) ? keptValue(name, value) : null;
    if (kept === null) {
      element.removeAttribute(name);
    } else if (kept !== value) {
      element.setAttribute(name, kept);
    }
  }
}

/** What stays of an attribute's value; `null` for nothing. */
function keptValue(name: string, value: string): string | null {
  switch (name) {
    case 'href':
      return isAddress(value) ? value : null;
    case 'class':
      return (
        value
          .split(/\s+/)
          .filter(each => CLASSES.test(each))
          .join(' ') || null
      );
    case 'style':
      return styleOf(value);
    default:
      return value.length <= 1_000 ? value : null;
  }
}

const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
const SCHEMES = ['http', 'https', 'mailto', 'tel'];

/** Whether a link may lead there: relative, or by a scheme that runs nothing. */
export function isAddress(address: string): boolean {
  // Browsers drop these characters before they look for the scheme.
  // eslint-disable-next-line no-control-regex
  const plain = address.replace(/[\u0000-\u0020]/g, '');
  const scheme = SCHEME.exec(plain)?.[1]?.toLowerCase();
  return plain.length <= LONGEST_ADDRESS && (scheme === undefined || SCHEMES.includes(scheme));
}

function styleOf(value: string): string | null {
  if (value.length > 1_000) {
    return null;
  }
  const kept = value.split(';').flatMap(declaration => {
    const [name = '', ...rest] = declaration.split(':');
    const [property, text] = [name.trim().toLowerCase(), rest.join(':').trim()];
    return STYLES.get(property)?.test(text) ? [`${property}: ${text}`] : [];
  });
  return kept.join('; ') || null;
}

function placeholderFor(image: Element): Element {
  const mark: Record<string, string> = {};
  for (const name of ['src', 'alt', 'width', 'height', 'title']) {
    const value = image.getAttribute(name);
    if (value !== null) {
      mark[name] = value;
    }
  }
  const placeholder = image.ownerDocument.createElement('span');
  placeholder.className = PICTURE;
  placeholder.title = JSON.stringify(mark);
  return placeholder;
}

/** The picture for which a placeholder stands. */
export function pictureOf(placeholder: Element): PictureMark {
  const {
    src = '',
    alt = '',
    ...rest
  } = JSON.parse(placeholder.getAttribute('title') ?? '{}') as Partial<PictureMark>;
  return { src, alt, ...rest };
}
