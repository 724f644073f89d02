import type { TranslationBundle } from '@jupyterlab/translation';

import type { WholeTree } from '../editor/wholeTree';
import { type OutlineEntry, outlineOf } from '../markdown/outline';
import { browserEnvironment } from '../runtime';
import type { Item } from './list';

/** The attribute of the link beside a heading: the id of its section. */
export const PERMALINK = 'data-spec-permalink';
/** The attribute of a heading: the id of its section. */
const HEADING = 'data-spec-heading';

/** Milliseconds that reading the outline may take in the turn in which the text was parsed. */
const SHORT = 8;
/** How many times as long as it took the last time it waits otherwise. */
const REST = 20;

/** The ids of a text's headings, which links name. */
export class Headings {
  private byStart: ReadonlyMap<number, OutlineEntry> = new Map();
  private byId: ReadonlyMap<string, OutlineEntry> = new Map();
  private waiting: WholeTree | null = null;
  private cancel: (() => void) | null = null;
  private duration = 0;

  /** `changed`: the ids were read later than the text was parsed. */
  constructor(
    private readonly trans: TranslationBundle,
    private readonly changed: () => void
  ) {}

  dispose(): void {
    this.cancel?.();
    this.cancel = null;
    this.waiting = null;
  }

  /** The text was parsed. Where its outline takes long, it is read later. */
  parsed(whole: WholeTree): void {
    this.waiting = whole;
    // The first time nobody knows how long it takes, and the text should be seen first.
    if (this.duration > 0 && this.duration < SHORT) {
      this.read();
    } else {
      this.cancel ??= browserEnvironment.after(REST * this.duration, () => {
        this.cancel = null;
        this.read();
        this.changed();
      });
    }
  }

  private read(): void {
    if (this.waiting) {
      const { body, doc, bodyFrom } = this.waiting;
      this.waiting = null;
      const began = performance.now();
      const { entries } = outlineOf(body, doc, bodyFrom);
      this.duration = Math.max(0.1, performance.now() - began);
      const headings = entries.filter(({ level }) => level > 0);
      this.byStart = new Map(headings.map(entry => [entry.from, entry]));
      // Of equal ids the first one is meant.
      this.byId = new Map(entries.map(entry => [entry.id, entry] as const).reverse());
    }
  }

  find(id: string): OutlineEntry | null {
    this.read();
    return this.byId.get(id) ?? null;
  }

  /** Gives the heading of a block its id, and the link to it. */
  mark({ node, block }: Item): void {
    if (this.waiting) {
      return; // it is done when the outline of this text is there
    }
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
