import { type IRenderMimeRegistry, renderMarkdown } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Content } from './blocks';
import { asksElsewhere, withoutDiagrams } from './diagrams';
import { addFootnotes } from './footnotes';
import { dressLinks } from './links';
import type { Pictures } from './pictures';
import { pruned } from './policy';

export interface RendererOptions {
  readonly rendermime: IRenderMimeRegistry;
  readonly pictures: Pictures;
  readonly trans: TranslationBundle;
}

/** Characters of a table's cell up to which it stands in one line, as “1 120” or a date. */
const SHORT = 24;
const MATH = /\$|\\\\[([]|\\begin\{/;

/** Renders single blocks, with what JupyterLab renders the Markdown of notebooks with. */
export class BlockRenderer {
  /** Texts with diagrams that refer to other places, and that the user wants to see. */
  private readonly wanted = new Set<string>();

  constructor(private readonly options: RendererOptions) {}

  /**
   * The element with a rendered block. Formulas are set in `stage`, which has to be in the page and as wide as the block
   * will be.
   */
  async render(content: Content, stage: HTMLElement): Promise<HTMLElement> {
    const host = document.createElement('div');
    if (content.form === 'plain') {
      host.append(plain(content.source));
      return host;
    }
    const { rendermime, pictures } = this.options;
    const isHeld = asksElsewhere(content.source) && !this.wanted.has(content.source);
    const { sanitizer } = rendermime;
    await renderMarkdown({
      host,
      source: isHeld ? withoutDiagrams(content.source) : content.source,
      trusted: false,
      sanitizer: { sanitize: html => sanitizer.sanitize(pruned(html)) },
      resolver: null,
      linkHandler: null,
      shouldTypeset: false,
      latexTypesetter: null,
      markdownParser: rendermime.markdownParser
    });
    host.querySelectorAll('.jp-InternalAnchorLink').forEach(anchor => anchor.remove());
    host
      .querySelectorAll('[data-jupyter-id]')
      .forEach(each => each.removeAttribute('data-jupyter-id'));
    addFootnotes(host, content, this.options.trans);
    host.querySelectorAll('table').forEach(inScroller);
    await pictures.fill(host);
    if (isHeld) {
      host.prepend(this.held(content.source));
    }
    await this.typeset(host, content, stage);
    dressLinks(host, { url: window.location.href });
    return host;
  }

  /** Calls back with an element whose block has to be rendered again. */
  onWanted: (host: HTMLElement) => void = () => undefined;

  private held(source: string): HTMLElement {
    const { trans } = this.options;
    const line = document.createElement('p');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'jp-SpecPreview-fetch';
    button.textContent = trans.__('Show diagram');
    button.addEventListener('click', () => {
      this.wanted.add(source);
      this.onWanted(line);
    });
    line.className = 'jp-SpecPreview-held';
    line.append(trans.__('This diagram may fetch something from elsewhere.'), ' ', button);
    return line;
  }

  private async typeset(host: HTMLElement, { source }: Content, stage: HTMLElement): Promise<void> {
    const { latexTypesetter } = this.options.rendermime;
    if (latexTypesetter && MATH.test(source)) {
      stage.append(host);
      try {
        await latexTypesetter.typeset(host);
      } finally {
        host.remove();
      }
      tidyFormulas(host);
    }
  }
}

/** Takes out of formulas what their text may ask for and what has effects outside of them. */
function tidyFormulas(host: HTMLElement): void {
  for (const element of host.querySelectorAll<HTMLElement>('mjx-container, mjx-container *')) {
    const style = element.getAttribute('style') ?? '';
    if (/url\s*\(|fixed|sticky|image|\\/i.test(style)) {
      element.removeAttribute('style');
    }
    for (const { name, value } of [...element.attributes]) {
      if (
        /^on/i.test(name) ||
        (/href$/i.test(name) && !/^(https?:|#|mailto:)/i.test(value.trim()))
      ) {
        element.removeAttribute(name);
      }
    }
    const classes = [...element.classList].filter(each =>
      /^(mjx-|MJX|TEX|MathJax|CtxtMenu)/i.test(each)
    );
    if (classes.length < element.classList.length) {
      element.setAttribute('class', classes.join(' '));
    }
  }
}

function plain(text: string): HTMLElement {
  const element = document.createElement('pre');
  element.className = 'jp-SpecPreview-plain';
  element.textContent = text;
  return element;
}

/** Wide tables scroll by themselves, and short cells are not broken. */
function inScroller(table: HTMLTableElement): void {
  for (const cell of table.querySelectorAll('td')) {
    cell.classList.toggle('jp-mod-short', (cell.textContent ?? '').trim().length <= SHORT);
  }
  if (!table.parentElement?.closest('table')) {
    const scroller = document.createElement('div');
    scroller.className = 'jp-SpecPreview-table';
    table.replaceWith(scroller);
    scroller.append(table);
  }
}
