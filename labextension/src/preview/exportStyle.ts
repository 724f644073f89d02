/** How an exported page looks: on a screen and on paper. */
export const PAGE_STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1f2328; font: 16px/1.6 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 768px; margin: 0 auto; padding: 40px 24px 80px; overflow-wrap: anywhere; }
main > * { margin: 0 0 14px; }
h1, h2, h3, h4, h5, h6 { margin: 26px 0 12px; line-height: 1.3; font-weight: 600; break-after: avoid; }
h1 { margin-top: 0; font-size: 30px; }
h2 { padding-bottom: 5px; border-bottom: 1px solid #d1d9e0; font-size: 23px; }
h3 { font-size: 19px; }
h4, h5, h6 { font-size: 16px; }
a { color: #0b5cad; text-underline-offset: 2px; }
ul, ol { padding-inline-start: 30px; }
li + li { margin-top: 3px; }
li > p { margin: 0 0 8px; }
li:has(> input[type="checkbox"]), li:has(> p:first-child > input[type="checkbox"]) { list-style: none; }
li input[type="checkbox"] { width: 16px; height: 16px; margin: 0 8px 0 -24px; vertical-align: -2px; }
blockquote { padding: 2px 16px; border-inline-start: 3px solid #c4ccd4; color: #57606a; }
blockquote > :first-child { margin-top: 6px; }
blockquote > :last-child { margin-bottom: 6px; }
code, kbd, samp { font: 0.88em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { padding: 2px 5px; border-radius: 3px; background: #f0f2f4; }
pre { padding: 12px 14px; overflow-x: auto; border: 1px solid #d8dee4; border-radius: 5px; background: #f6f8fa; white-space: pre-wrap; overflow-wrap: anywhere; break-inside: avoid-page; }
pre code { padding: 0; background: none; }
.jp-SpecPreview-table { overflow-x: auto; }
table { border-collapse: collapse; font-size: 15px; }
th, td { padding: 5px 12px; border: 1px solid #d1d9e0; text-align: start; vertical-align: top; }
th { background: #f0f2f4; }
td:not(.jp-mod-short) { min-width: 12em; }
.jp-mod-short { white-space: nowrap; }
[align="center"] { text-align: center; }
[align="right"] { text-align: right; }
tr, img, figure { break-inside: avoid; }
img { max-width: 100%; height: auto; }
figure { margin: 0; }
figure > pre, .jp-sr-only { position: absolute; width: 1px; height: 1px; margin: 0; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%); }
.jp-mod-dark { padding: 12px; border-radius: 5px; background: #111; }
hr { height: 1px; border: 0; background: #d1d9e0; }
.jp-SpecPreview-note { color: #57606a; font-size: 15px; }
mjx-container { overflow-x: auto; overflow-y: hidden; max-width: 100%; }
@media print {
  main { max-width: none; padding: 0; }
  td:not(.jp-mod-short) { min-width: 0; }
  a { color: inherit; }
}
@page { margin: 20mm 18mm; }
`;

/** The colours of code on white, by the names that JupyterLab's styles use. */
const CODE_COLOURS: Readonly<Record<string, string>> = {
  atom: '#5b3fc4',
  attribute: '#0000cc',
  bracket: '#7a745c',
  builtin: '#008000',
  comment: '#35707a',
  def: '#0000ff',
  error: '#b3261e',
  header: '#0000c8',
  keyword: '#007a00',
  link: '#0000cc',
  meta: '#8f22e6',
  number: '#006e00',
  operator: '#7800c2',
  property: '#0053a6',
  punctuation: '#0053a6',
  qualifier: '#555555',
  quote: '#007a00',
  string: '#ba2121',
  'string-2': '#8a5a00',
  tag: '#117700',
  variable: '#212121',
  'variable-2': '#00366d',
  'variable-3': '#005926'
};

/** The rules for the highlighted code in `article`; empty where there is none. */
export function codeStyle(article: HTMLElement): string {
  const classes = new Set(
    [...article.querySelectorAll('code span[class]')].flatMap(span => [...span.classList])
  );
  if (classes.size === 0) {
    return '';
  }
  const names = [...classes].map(each => `.${CSS.escape(each)}`);
  const rules = styleRules().filter(({ selectorText }) =>
    selectorText.split(',').some(selector => names.includes(selector.trim()))
  );
  const colours = Object.entries(CODE_COLOURS).map(
    ([name, colour]) => `--jp-mirror-editor-${name}-color: ${colour};`
  );
  const text = [...new Set(rules.map(rule => rule.cssText))];
  return [`:root { ${colours.join(' ')} }`, ...text].join('\n');
}

/** The rules for the formulas in `article`, with the fonts that they use; empty where there is none. */
export async function formulaStyle(article: HTMLElement): Promise<string> {
  const formulas = article.querySelectorAll('mjx-container');
  if (formulas.length === 0) {
    return '';
  }
  const families = new Set<string>();
  article.querySelectorAll('mjx-container, mjx-container *').forEach(element => {
    for (const pseudo of [null, '::before']) {
      getComputedStyle(element, pseudo)
        .fontFamily.split(',')
        .forEach(each => families.add(plainFamily(each)));
    }
  });
  const rules = styleRules()
    .filter(({ selectorText }) => /mjx-|\.MJX-|\.mjx-|\.TEX-|MathJax/.test(selectorText))
    .map(rule => rule.cssText);
  const fonts = fontFaces().filter(face => families.has(plainFamily(familyOf(face))));
  return [...(await Promise.all(fonts.map(withFontInside))), ...new Set(rules)].join('\n');
}

function plainFamily(family: string): string {
  return family.trim().replace(/^["']|["']$/g, '');
}

function familyOf(face: CSSFontFaceRule): string {
  return face.style.getPropertyValue('font-family');
}

async function withFontInside(face: CSSFontFaceRule): Promise<string> {
  const source = face.style.getPropertyValue('src');
  const address = /url\(\s*["']?([^"')]+)["']?\s*\)/.exec(source)?.[1];
  if (!address) {
    return face.cssText;
  }
  const base = face.parentStyleSheet?.href ?? document.baseURI;
  const response = await fetch(new URL(address, base));
  const bytes = new Uint8Array(await response.arrayBuffer());
  const binary = Array.from(bytes, byte => String.fromCharCode(byte)).join('');
  const family = familyOf(face);
  return `@font-face { font-family: ${family}; src: url(data:font/woff;base64,${btoa(binary)}); }`;
}

function* sheets(): Generator<CSSRuleList> {
  for (const sheet of [...document.styleSheets, ...document.adoptedStyleSheets]) {
    try {
      yield sheet.cssRules;
    } catch {
      // Of another origin: none of JupyterLab's.
    }
  }
}

function styleRules(): CSSStyleRule[] {
  return [...sheets()].flatMap(rules =>
    [...rules].filter((rule): rule is CSSStyleRule => rule instanceof CSSStyleRule)
  );
}

function fontFaces(): CSSFontFaceRule[] {
  return [...sheets()].flatMap(rules =>
    [...rules].filter((rule): rule is CSSFontFaceRule => rule instanceof CSSFontFaceRule)
  );
}
