import type { TranslationBundle } from '@jupyterlab/translation';

import type { Content } from './blocks';

/** The attributes that name the two ends of a footnote: the reference, and the text. */
export const NOTE_REFERENCE = 'data-spec-note-reference';
export const NOTE_TEXT = 'data-spec-note';

const REFERENCE = /\[\^([^\s[\]]{1,100})\]/;

/** Makes footnotes of a block's references, and the other way round, of the texts of footnotes. */
export function addFootnotes(
  host: HTMLElement,
  { notes, footnotes }: Content,
  trans: TranslationBundle
): void {
  if (notes.size > 0) {
    for (const text of textsIn(host)) {
      addReferences(text, notes, trans);
    }
  }
  const paragraphs = [...host.children];
  if (footnotes.length > 0 && paragraphs.length === footnotes.length) {
    footnotes.forEach((name, index) => {
      const paragraph = paragraphs[index]!;
      const back = linkTo(`${notes.get(name) ?? ''}`, NOTE_REFERENCE, name);
      back.title = trans.__('Back to the text');
      paragraph.classList.add('jp-SpecPreview-note');
      paragraph.setAttribute(NOTE_TEXT, name);
      paragraph.prepend(back, ' ');
    });
  }
}

function textsIn(host: HTMLElement): Text[] {
  const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT, {
    acceptNode: node =>
      node.parentElement?.closest('code, pre, a, mjx-container')
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT
  });
  const texts: Text[] = [];
  while (walker.nextNode()) {
    texts.push(walker.currentNode as Text);
  }
  return texts;
}

function addReferences(
  text: Text,
  notes: ReadonlyMap<string, number>,
  trans: TranslationBundle
): void {
  const parts = text.data.split(REFERENCE);
  if (parts.length === 1) {
    return;
  }
  text.replaceWith(
    ...parts.map((part, index) => {
      const number = index % 2 ? notes.get(part) : undefined;
      if (number === undefined) {
        return index % 2 ? `[^${part}]` : part;
      }
      const above = document.createElement('sup');
      const link = linkTo(String(number), NOTE_TEXT, part);
      link.title = trans.__('Footnote %1', number);
      above.setAttribute(NOTE_REFERENCE, part);
      above.append(link);
      return above;
    })
  );
}

/** A link inside of the preview: to the element that has the attribute with this value. */
function linkTo(text: string, attribute: string, value: string): HTMLAnchorElement {
  const link = document.createElement('a');
  link.textContent = text;
  link.href = `#${value}`;
  link.dataset['specTo'] = `[${attribute}="${CSS.escape(value)}"]`;
  return link;
}
