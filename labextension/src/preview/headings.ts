import type { TranslationBundle } from '@jupyterlab/translation';

import type { WholeTree } from '../editor/wholeTree';
import { type OutlineEntry, outlineOf } from '../markdown/outline';
import type { Item } from './list';

/** The attribute of the link beside a heading: the id of its section. */
export const PERMALINK = 'data-spec-permalink';
/** The attribute of a heading: the id of its section. */
const HEADING = 'data-spec-heading';

/** The ids of a text's headings, which links name. */
export class Headings {
  private byStart: ReadonlyMap<number, OutlineEntry> = new Map();
  private byId: ReadonlyMap<string, OutlineEntry> = new Map();

  constructor(private readonly trans: TranslationBundle) {}

  /** The text was parsed. */
  read({ body, doc, bodyFrom }: WholeTree): void {
    const { entries } = outlineOf(body, doc, bodyFrom);
    const headings = entries.filter(({ level }) => level > 0);
    this.byStart = new Map(headings.map(entry => [entry.from, entry]));
    // Of equal ids the first one is meant.
    this.byId = new Map(entries.map(entry => [entry.id, entry] as const).reverse());
  }

  find(id: string): OutlineEntry | null {
    return this.byId.get(id) ?? null;
  }

  /** Gives the heading of a block its id, and the link to it. */
  mark({ node, block }: Item): void {
    const heading = node.querySelector<HTMLElement>(':scope > :is(h1, h2, h3, h4, h5, h6)');
    const entry = this.byStart.get(block.from);
    if (!heading || heading.getAttribute(HEADING) === (entry?.id ?? null)) {
      return;
    }
    heading.querySelector(`[${PERMALINK}]`)?.remove();
    heading.removeAttribute(HEADING);
    if (entry) {
      heading.setAttribute(HEADING, entry.id);
      heading.tabIndex = -1;
      heading.append(this.permalink(entry));
    }
  }

  private permalink({ id, title }: OutlineEntry): HTMLElement {
    const link = document.createElement('a');
    link.className = 'jp-SpecPreview-permalink';
    link.textContent = '¶';
    link.href = `#${encodeURIComponent(id)}`;
    link.title = this.trans.__('Copy link to this section');
    link.setAttribute('aria-label', this.trans.__('Copy link to “%1”', title));
    link.setAttribute(PERMALINK, id);
    return link;
  }
}
