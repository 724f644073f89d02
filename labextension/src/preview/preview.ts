import type { EditorView } from '@codemirror/view';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';

import { PictureHandles } from '../attachments/handles';
import type { ParsedText } from '../markdown/parsedText';
import type { SpecConnection } from '../session';
import type { Blocks, Content } from './blocks';
import { CaretBars } from './caretBars';
import { Clicks } from './clicks';
import { DraftLetters } from './draftLetters';
import { Headings } from './headings';
import { BlockList, EDGE, type Item } from './list';
import type { LinkTarget } from './links';
import { NewBars } from './newBars';
import { ParsedSource } from './parsedSource';
import { type PictureAddresses, Pictures } from './pictures';
import { BlockRenderer } from './renderer';
import { ScrollTogether } from './scrollTogether';
import { sourceOfEnd } from './selectedSource';
import { prepareTasks, showTicksOfSource } from './tasks';

export interface PreviewOptions {
  readonly view: EditorView;
  readonly connection: SpecConnection;
  readonly rendermime: IRenderMimeRegistry;
  readonly pictures: PictureAddresses;
  readonly trans: TranslationBundle;
  /** Whether source and preview are both seen, and scroll together. */
  readonly scrollsTogether: () => boolean;
  /** Opens what a link leads to, except for a heading of the text itself. */
  open(target: LinkTarget): void;
  /** The address of a section of this spec, for others. */
  linkTo(heading: string): string;
  /** The link to a section was copied. */
  copied(): void;
  /** The user wants to see the source at a position of the editor. */
  showSource(position: number): void;
}

/** The rendered text of an editor, which follows each edit. */
export class Preview {
  readonly node = document.createElement('section');
  private readonly list: BlockList;
  private readonly source: ParsedSource;
  private readonly headings: Headings;
  private readonly renderer: BlockRenderer;
  private readonly carets: CaretBars;
  private readonly news: NewBars;
  private readonly drafts: DraftLetters;
  private readonly together: ScrollTogether;
  private readonly handles: PictureHandles;
  private readonly stops: (() => void)[] = [];
  private canEdit: boolean;
  private place: number | null = null;
  /** Whether all of the text was read, and not its beginning alone. */
  private isWhole = false;

  private readonly view: EditorView;

  constructor(options: PreviewOptions) {
    const { view, connection, rendermime, trans } = options;
    this.view = view;
    const { node } = this;
    node.className = 'jp-SpecPreview';
    node.tabIndex = 0;
    node.setAttribute('aria-label', trans.__('Preview of the spec'));
    this.renderer = new BlockRenderer({
      rendermime,
      pictures: new Pictures(options.pictures, trans),
      trans
    });
    this.list = new BlockList({
      scroller: node,
      render: (content, stage) => this.render(content, stage),
      shown: items => this.shown(items),
      moved: () => this.together.follow()
    });
    this.headings = new Headings(trans, () => this.headings.update(this.list.inPage));
    this.handles = new PictureHandles({ view, trans });
    this.source = new ParsedSource(view, (blocks, whole) => this.read(blocks, whole));
    const { list, source } = this;
    this.carets = new CaretBars(view, list, source);
    this.news = new NewBars(view, list, source);
    this.drafts = new DraftLetters(view, connection, list, source);
    this.together = new ScrollTogether(view, node, list, source, () => options.scrollsTogether());
    this.canEdit = connection.state.canEdit;
    const clicks = new Clicks({
      ...options,
      list,
      source,
      toHeading: heading => this.showHeading(heading),
      toBlock: (index, selector) => this.showBlock(index, selector)
    });
    this.renderer.onWanted = element => {
      const item = list.itemAt(element);
      list.refresh(item ? [item] : []);
    };
    const resized = new ResizeObserver(() => list.viewed());
    const scrolled = () => list.viewed();
    resized.observe(node);
    node.addEventListener('scroll', scrolled, { passive: true });
    this.stops.push(
      () => resized.disconnect(),
      () => clicks.dispose(),
      connection.onCursors(() => this.carets.update()),
      connection.onDrafts(() => this.drafts.update()),
      connection.subscribe(({ canEdit }) => this.setEditable(canEdit))
    );
  }

  dispose(): void {
    this.stops.forEach(stop => stop());
    this.together.dispose();
    this.carets.dispose();
    this.news.dispose();
    this.drafts.dispose();
    this.headings.dispose();
    this.source.dispose();
    this.list.dispose();
    this.node.remove();
  }

  /** What of the source is on the screen here, in the editor's positions; `null` while nothing is. */
  get onScreen(): { readonly from: number; readonly to: number } | null {
    const { list, node, source } = this;
    const last = list.all.at(list.indexAt(node.scrollTop + node.clientHeight));
    const first = list.all.at(list.indexAt(node.scrollTop));
    return node.clientHeight > 0 && first && last
      ? { from: source.toEditor(first.from), to: source.toEditor(last.to, -1) }
      : null;
  }

  /** What of the source is selected here, in the editor's positions; `null` where nothing is. */
  get selectedSource(): { readonly from: number; readonly to: number } | null {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) {
      return null;
    }
    const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
    const from = this.sourceOf('start', { container: startContainer, offset: startOffset });
    const to = this.sourceOf('end', { container: endContainer, offset: endOffset });
    return from !== null && to !== null && from < to ? { from, to } : null;
  }

  /** Shows what the source shows; as soon as it is there, if it isn't yet. */
  showPlaceOfSource(): void {
    if (this.list.all.length) {
      this.together.bring('source');
    } else {
      this.place = -1;
    }
  }

  /** Shows in the source what the preview shows. */
  showPlaceInSource(): void {
    this.together.bring('preview');
  }

  /** Shows a position of the editor, a third from the top. */
  showPosition(position: number): void {
    if (this.isWhole) {
      this.showBlock(this.list.all.indexAt(this.source.toBlocks(position)));
    } else {
      this.place = position;
    }
  }

  /** Shows a section; `false` if there is none with this id. */
  showHeading(id: string): boolean {
    const entry = this.headings.find(id);
    if (entry) {
      this.showBlock(this.list.all.indexAt(entry.from), `[data-spec-heading="${CSS.escape(id)}"]`);
    }
    return entry !== null;
  }

  /** Follows another theme: diagrams have their colours in themselves. */
  refresh(): void {
    this.list.refresh();
  }

  /** Where an end of a selection is in the editor; `null` where it is in no block. */
  private sourceOf(
    end: 'start' | 'end',
    point: { readonly container: Node; readonly offset: number }
  ): number | null {
    const { list, source, view } = this;
    const { container } = point;
    const item = list.itemAt(container instanceof Element ? container : container.parentElement);
    if (!item) {
      return null;
    }
    const from = source.toEditor(item.block.from);
    const text = view.state.sliceDoc(from, Math.max(from, source.toEditor(item.block.to, -1)));
    return from + sourceOfEnd(item.node, end, point, text);
  }

  private async render(content: Content, stage: HTMLElement): Promise<HTMLElement> {
    try {
      return await this.renderer.render(content, stage);
    } catch (error) {
      console.error('A block of the preview could not be rendered.', error);
      return this.renderer.render({ ...content, form: 'plain' }, stage);
    }
  }

  private read(blocks: Blocks, whole: ParsedText | null): void {
    if (whole) {
      this.isWhole = true;
      this.headings.parsed(whole);
    }
    this.list.update(blocks);
    if (this.source.isCurrent) {
      for (const item of this.list.inPage) {
        showTicksOfSource(item);
      }
    }
    this.headings.update(this.list.inPage);
    this.carets.update();
    this.news.update();
    if (this.place !== null && (whole || this.place < 0)) {
      const { place } = this;
      this.place = null;
      requestAnimationFrame(() =>
        place < 0 ? this.showPlaceOfSource() : this.showPosition(place)
      );
    }
  }

  private shown(items: readonly Item[]): void {
    for (const item of items) {
      prepareTasks(item, this.canEdit);
      this.prepareHandles(item);
      this.headings.mark(item);
      focusableWhereWide(item.node);
    }
    this.drafts.redraw();
    this.carets.redraw();
    this.news.redraw();
  }

  private setEditable(canEdit: boolean): void {
    if (canEdit !== this.canEdit) {
      this.canEdit = canEdit;
      for (const item of this.list.inPage) {
        prepareTasks(item, canEdit);
        this.prepareHandles(item);
      }
    }
  }

  private prepareHandles(item: Item): void {
    this.handles.update(item.node, this.canEdit, () => ({
      from: this.source.toEditor(item.block.from),
      to: this.source.toEditor(item.block.to, -1)
    }));
  }

  private showBlock(index: number, selector?: string): void {
    const { node, list } = this;
    const go = () => {
      const item = selector ? list.item(index) : undefined;
      const within = item?.node.querySelector<HTMLElement>(selector ?? '') ?? null;
      const top = within
        ? within.getBoundingClientRect().top - node.getBoundingClientRect().top + node.scrollTop
        : list.topOf(index);
      node.scrollTop = Math.max(0, top - (selector ? EDGE : node.clientHeight / 3));
      return within;
    };
    go();
    list.viewed();
    // Blocks above it are rendered now, and are as high as they are.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        go()?.focus({ preventScroll: true });
        this.together.lead('preview');
      })
    );
  }
}

/** What is wider than the text can be scrolled with the keyboard. */
function focusableWhereWide(block: HTMLElement): void {
  for (const element of block.querySelectorAll<HTMLElement>('pre, .jp-SpecPreview-table')) {
    if (element.scrollWidth > element.clientWidth) {
      element.tabIndex = 0;
    } else {
      element.removeAttribute('tabindex');
    }
  }
}
