import { Text as EditorText } from '@codemirror/state';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';

import { outlineInSteps } from '../markdown/outlineReading';
import { parseInSteps } from '../markdown/textParsing';
import { browserEnvironment, inSlices } from '../runtime';
import type { Steps } from '../text';
import { BlockReader } from './blockReader';
import type { Block } from './blocks';
import { codeStyle, formulaStyle, PAGE_STYLE } from './exportStyle';
import { NOTE_REFERENCE, NOTE_TEXT } from './footnotes';
import { ADDRESS } from './links';
import { type PictureAddresses, Pictures } from './pictures';
import { BlockRenderer } from './renderer';

export interface ExportOptions {
  readonly title: string;
  readonly text: string;
  /** A BCP 47 tag; empty where it isn't known. */
  readonly language: string;
  readonly rendermime: IRenderMimeRegistry;
  readonly pictures: PictureAddresses;
  readonly trans: TranslationBundle;
  /** Ends it; it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** The share that is done, from 0 to 1. */
  progress(share: number): void;
}

/** What such a page may do: show what is in it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'";

/**
 * A text as an HTML page in one file that needs nothing else: formulas and diagrams are drawn, pictures of the spec and
 * of the workspace are in it, and nothing in it runs.
 */
export async function exportPage(options: ExportOptions): Promise<string> {
  const { title, language } = options;
  const stage = document.createElement('div');
  stage.className = 'jp-SpecExport jp-RenderedHTMLCommon';
  stage.setAttribute('aria-hidden', 'true');
  document.body.append(stage);
  try {
    const article = await rendered(options, stage);
    const styles = [PAGE_STYLE, codeStyle(article), await formulaStyle(article)];
    const page = document.implementation.createHTMLDocument(title);
    page.documentElement.lang = language;
    page.head.replaceChildren(
      meta(page, { charset: 'utf-8' }),
      meta(page, { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
      meta(page, { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      Object.assign(page.createElement('title'), { textContent: title }),
      Object.assign(page.createElement('style'), { textContent: styles.join('\n') })
    );
    const main = page.createElement('main');
    main.append(...article.childNodes);
    page.body.replaceChildren(main);
    return `<!DOCTYPE html>\n${page.documentElement.outerHTML}\n`;
  } finally {
    stage.remove();
  }
}

/** All blocks of the text; the result is in the page, below `stage`. */
async function rendered(options: ExportOptions, stage: HTMLElement): Promise<HTMLElement> {
  const { text, rendermime, trans, signal, progress } = options;
  const doc = EditorText.of(text.split('\n'));
  const parsed = await sliced(parseInSteps(doc), signal);
  const blocks = [...(await sliced(new BlockReader().read(parsed), signal))];
  const outline = await sliced(outlineInSteps(parsed), signal);
  const renderer = new BlockRenderer({
    rendermime,
    pictures: new Pictures(options.pictures, trans),
    trans
  });
  const article = document.createElement('div');
  const setting = document.createElement('div');
  stage.append(article, setting);
  for (const [index, block] of blocks.entries()) {
    signal.throwIfAborted();
    const host = await renderer.render(block.content, setting);
    const id = outline.headingAt(block.from)?.id;
    finish(host, block, id);
    await withPicturesInside(host, signal);
    article.append(...host.childNodes);
    progress((index + 1) / blocks.length);
    await nextTurn();
  }
  return article;
}

function sliced<Result>(steps: Steps<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const cancel = inSlices(browserEnvironment, steps, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      reject(signal.reason as Error);
    });
  });
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0));
}

/** Takes away what only works in JupyterLab. */
function finish(host: HTMLElement, { content }: Block, id: string | undefined): void {
  const heading = host.querySelector(':scope > :is(h1, h2, h3, h4, h5, h6)');
  if (heading && id) {
    heading.id = id;
  }
  host.querySelectorAll('.jp-SpecPreview-held').forEach(each => each.remove());
  host.querySelectorAll<HTMLElement>('button.jp-SpecPreview-fetch').forEach(button => {
    const [first = '', last = first] = button.title.split('\n');
    const link = document.createElement('a');
    link.href = last;
    link.rel = 'noopener noreferrer';
    link.textContent = first;
    button.replaceWith(link);
  });
  host.querySelectorAll(`[${ADDRESS}]`).forEach(link => {
    link.setAttribute('href', link.getAttribute(ADDRESS)!);
    link.removeAttribute(ADDRESS);
  });
  const note = (name: string) => `note-${encodeURIComponent(name)}`;
  const reference = (name: string) => `back-${encodeURIComponent(name)}`;
  host.querySelectorAll(`[${NOTE_TEXT}]`).forEach(each => {
    const name = each.getAttribute(NOTE_TEXT)!;
    each.id = note(name);
    each.querySelector('a')?.setAttribute('href', `#${reference(name)}`);
    each.removeAttribute(NOTE_TEXT);
  });
  host.querySelectorAll(`[${NOTE_REFERENCE}]`).forEach(each => {
    const name = each.getAttribute(NOTE_REFERENCE)!;
    each.id = reference(name);
    each.querySelector('a')?.setAttribute('href', `#${note(name)}`);
    each.removeAttribute(NOTE_REFERENCE);
  });
  host.querySelectorAll('[data-spec-to]').forEach(each => each.removeAttribute('data-spec-to'));
  host.querySelectorAll('[tabindex]').forEach(each => each.removeAttribute('tabindex'));
  host.querySelectorAll('input').forEach(box => {
    box.toggleAttribute('checked', box.checked);
    box.disabled = true;
  });
  if (content.isContinued) {
    host.querySelectorAll('thead').forEach(each => each.remove());
  }
}

/** Writes the pictures into the page; one that can't be had is told by its text. */
async function withPicturesInside(host: HTMLElement, signal: AbortSignal): Promise<void> {
  for (const image of host.querySelectorAll('img')) {
    for (const name of image.getAttributeNames()) {
      if (name.startsWith('data-') || name === 'draggable') {
        image.removeAttribute(name);
      }
    }
    if (!image.src.startsWith('data:')) {
      try {
        image.src = await dataAddress(image.src, signal);
      } catch {
        signal.throwIfAborted();
        image.replaceWith(image.alt);
      }
    }
  }
}

export async function dataAddress(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  if (!response.ok) {
    throw new Error(response.statusText);
  }
  const blob = await response.blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('The picture can’t be read.'));
    reader.readAsDataURL(blob);
  });
}

function meta(page: Document, attributes: Readonly<Record<string, string>>): HTMLMetaElement {
  const element = page.createElement('meta');
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  return element;
}
