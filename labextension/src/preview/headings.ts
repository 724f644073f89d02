import type { TranslationBundle } from '@jupyterlab/translation';

import type { Outline, OutlineEntry, Structure } from '../markdown/outline';
import { outlineInSteps, outlineOf } from '../markdown/outlineReading';
import type { ParsedText } from '../markdown/parsedText';
import { browserEnvironment, inSlicesFromNow } from '../runtime';
import type { Item } from './list';

/** The attribute of the link beside a heading: the id of its section. */
export const PERMALINK = 'data-spec-permalink';
/** The attribute of a heading: the id of its section. */
const HEADING = 'data-spec-heading';

/** The ids of a text's headings, which links name. */
export class Headings {
  private text: ParsedText | null = null;
  private outline: Outline | null = null;
  private marked: Structure | null = null;
  private cancel: (() => void) | null = null;

  /** `changed`: the ids were read later than the text was parsed. */
  constructor(
    private readonly trans: TranslationBundle,
    private readonly changed: () => void
  ) {}

  dispose(): void {
    this.cancel?.();
  }

  /** The text was parsed. Its outline is read at once if that is short; mostly the editor has read it already. */
  parsed(text: ParsedText): void {
    this.cancel?.();
    this.text = text;
    this.outline = null;
    let isLater = false;
    this.cancel = inSlicesFromNow(browserEnvironment, outlineInSteps(text), outline => {
      this.outline = outline;
      if (isLater) {
        this.changed();
      }
    });
    isLater = true;
  }

  find(id: string): OutlineEntry | null {
    return this.text && outlineOf(this.text).find(id);
  }

  /** Marks the headings of blocks, if there are other ids than the last time. */
  update(items: Iterable<Item>): void {
    if (this.outline && this.outline.structure !== this.marked) {
      this.marked = this.outline.structure;
      for (const item of items) {
        this.mark(item);
      }
    }
  }

  /** Gives the heading of a block its id, and the link to it. */
  mark({ node, block }: Item): void {
    if (!this.outline) {
      return; // it is done when the outline of this text is there
    }
    const heading = node.querySelector<HTMLElement>(':scope > :is(h1, h2, h3, h4, h5, h6)');
    const entry = heading && this.outline.headingAt(block.from);
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
