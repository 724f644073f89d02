import { type Block, type Blocks, type Content, NO_BLOCKS } from './blocks';
import { BlockCorrespondence } from './correspondence';
import { Heights } from './heights';

/** A block that is in the page. */
export interface Item {
  index: number;
  block: Block;
  readonly node: HTMLElement;
  /** The key of what the node shows; `null` while it shows nothing. */
  shown: string | null;
  /** The key of what is being rendered. */
  pending: string | null;
}

export interface ListOptions {
  readonly scroller: HTMLElement;
  render(content: Content, stage: HTMLElement): Promise<HTMLElement>;
  /** These blocks show something else, or are to show it; others may begin elsewhere. */
  shown(items: readonly Item[]): void;
  /** Something moved in the list, but not by its user. */
  moved(): void;
}

/** Pixels above the first block and below the last one. */
export const EDGE = 24;
/** Heights of the view above and below it in which blocks are rendered, and up to which they are kept. */
const [NEAR, FAR] = [1.5, 5];
/** A text with at most so many blocks and letters is kept in the page as a whole. */
const [FEW, SHORT] = [300, 60_000];
/** How many blocks, of how many letters together, are begun in one turn. */
const [BATCH, BATCH_LETTERS] = [4, 4_000];
/** How many blocks are rendered at a time; some wait for a language or a diagram. */
const AT_A_TIME = 8;

/**
 * The rendered blocks of a text, one below the other, of which only those near the view are in the page.
 *
 * What the user sees stays where it is when blocks above it come, go or become higher. A block that changed shows what
 * it showed until it is rendered.
 *
 * Laws (`list.test.ts`): a block whose key stays keeps its element; blocks far from the view are not in the page.
 */
export class BlockList {
  readonly node = document.createElement('div');
  private readonly stage = document.createElement('div');
  private readonly above = document.createElement('div');
  private readonly below = document.createElement('div');
  private readonly observer: ResizeObserver;
  private blocks = NO_BLOCKS;
  private heights = new Heights([]);
  private items = new Map<number, Item>();
  private readonly itemOf = new WeakMap<Element, Item>();
  private readonly ready = new Map<Item, { readonly key: string; readonly host: HTMLElement }>();
  private isShort = true;
  private active = 0;
  private isPumping = false;
  private frame = 0;
  private isDisposed = false;

  constructor(private readonly options: ListOptions) {
    this.node.className = 'jp-SpecPreview-text jp-RenderedHTMLCommon';
    this.stage.className = 'jp-SpecPreview-stage';
    this.stage.setAttribute('aria-hidden', 'true');
    this.node.append(this.above, this.below, this.stage);
    this.observer = new ResizeObserver(entries => this.measured(entries));
    options.scroller.append(this.node);
  }

  dispose(): void {
    this.isDisposed = true;
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.node.remove();
  }

  get all(): Blocks {
    return this.blocks;
  }

  /** The blocks in the page. */
  get inPage(): Iterable<Item> {
    return this.items.values();
  }

  item(index: number): Item | undefined {
    return this.items.get(index);
  }

  /** The block that an element of the page belongs to. */
  itemAt(element: Element | null): Item | null {
    const node = element?.closest('.jp-SpecPreview-block');
    return (node && this.itemOf.get(node)) ?? null;
  }

  /** Where a block begins, from the start of what is scrolled; also one that is not in the page. */
  topOf(index: number): number {
    return EDGE + this.heights.topOf(index);
  }

  /** The block at this height. */
  indexAt(y: number): number {
    return this.heights.indexAt(y - EDGE);
  }

  /** Shows these blocks. */
  update(blocks: Blocks): void {
    const same = new BlockCorrespondence(this.blocks, blocks);
    const anchor = this.anchor();
    // Where the anchor itself is gone, the next block before it.
    const anchored = this.blocks.length > 0 ? same.lastUpTo(anchor.index) : -1;
    const items = new Map<number, Item>();
    const changed: Item[] = [];
    for (const [old, item] of this.items) {
      const index = same.after(old);
      if (index < 0) {
        this.drop(item);
        continue;
      }
      const block = blocks.at(index)!;
      if (block.content.key !== item.block.content.key) {
        changed.push(item);
      }
      item.index = index;
      item.block = block;
      items.set(index, item);
    }
    this.items = items;
    this.heights = this.heights.after(blocks, same);
    this.blocks = blocks;
    const { length } = blocks;
    this.isShort = length <= FEW && (blocks.at(length - 1)?.to ?? 0) <= SHORT;
    const top = anchored < 0 ? null : this.heights.topOf(anchored) + anchor.offset;
    this.place(top);
    this.options.shown(changed);
    this.options.moved();
  }

  /** Renders these blocks anew though their text is as before. */
  refresh(items: Iterable<Item> = this.items.values()): void {
    for (const item of items) {
      item.shown = null;
      item.pending = null;
    }
    this.pump();
  }

  /** The view was scrolled, or has another size. */
  viewed(): void {
    this.place(null);
  }

  private anchor(): { readonly index: number; readonly offset: number } {
    const y = this.options.scroller.scrollTop - EDGE;
    const index = this.heights.indexAt(y);
    return { index, offset: y - this.heights.topOf(index) };
  }

  /** Has the blocks near the view in the page, with `top` at its upper edge. */
  private place(top: number | null): void {
    const { scroller } = this.options;
    const { count } = this.heights;
    const seen = scroller.clientHeight || 800;
    const y = top ?? scroller.scrollTop - EDGE;
    const at = (pixels: number) => this.heights.indexAt(pixels);
    let [first, last] = this.isShort
      ? [0, count - 1]
      : [at(y - NEAR * seen), at(y + (1 + NEAR) * seen)];
    // Blocks that are there stay until they are far away, as far as they are next to those that are wanted.
    const [farFirst, farLast] = [at(y - FAR * seen), at(y + (1 + FAR) * seen)];
    while (first > farFirst && this.items.has(first - 1)) {
      first--;
    }
    while (last < farLast && this.items.has(last + 1)) {
      last++;
    }
    for (const [index, item] of this.items) {
      if (index < first || index > last) {
        this.items.delete(index);
        this.drop(item);
      }
    }
    let next = this.above.nextSibling;
    for (let index = first; index <= last && index < count; index++) {
      const item = this.items.get(index) ?? this.add(index);
      if (item.node === next) {
        next = next.nextSibling;
      } else {
        this.node.insertBefore(item.node, next);
      }
    }
    this.above.style.height = `${this.topOf(first)}px`;
    const rest = this.heights.total - this.heights.topOf(Math.min(last + 1, count));
    this.below.style.height = `${rest + EDGE}px`;
    if (top !== null && Math.abs(scroller.scrollTop - EDGE - top) > 0.5) {
      scroller.scrollTop = top + EDGE;
    }
    this.pump();
  }

  private add(index: number): Item {
    const node = document.createElement('div');
    node.className = 'jp-SpecPreview-block';
    node.style.minHeight = `${this.heights.heightOf(index)}px`;
    const item: Item = { index, block: this.blocks.at(index)!, node, shown: null, pending: null };
    this.items.set(index, item);
    this.itemOf.set(node, item);
    this.observer.observe(node);
    return item;
  }

  private drop(item: Item): void {
    this.observer.unobserve(item.node);
    this.ready.delete(item);
    item.pending = null;
    item.node.remove();
  }

  /** Renders what is due: first what can be seen, then what is nearest. */
  private pump(): void {
    if (this.isPumping || this.isDisposed) {
      return;
    }
    this.isPumping = true;
    nextTurn(() => {
      this.isPumping = false;
      if (this.isDisposed) {
        return;
      }
      let letters = 0;
      for (const item of this.due()) {
        letters += item.block.content.source.length;
        this.render(item).catch((error: unknown) => console.error(error));
        if (letters > BATCH_LETTERS || this.active >= AT_A_TIME) {
          break;
        }
      }
    });
  }

  private due(): Item[] {
    const { scroller } = this.options;
    const middle = scroller.scrollTop + scroller.clientHeight / 2;
    const distance = ({ index }: Item) => Math.abs(this.topOf(index) - middle);
    return [...this.items.values()]
      .filter(({ block, shown, pending }) => {
        const { key } = block.content;
        return shown !== key && pending !== key;
      })
      .map(item => ({ item, distance: distance(item) }))
      .sort((one, other) => one.distance - other.distance)
      .slice(0, BATCH)
      .map(({ item }) => item);
  }

  private async render(item: Item): Promise<void> {
    const { content } = item.block;
    item.pending = content.key;
    this.active++;
    try {
      const host = await this.options.render(content, this.stage);
      if (item.pending === content.key && !this.isDisposed) {
        this.ready.set(item, { key: content.key, host });
        this.frame ||= requestAnimationFrame(() => this.flush());
      }
    } finally {
      this.active--;
      this.pump();
    }
  }

  /** Shows what was rendered since the last frame. The observer then measures it, before it is drawn. */
  private flush(): void {
    this.frame = 0;
    const items = [...this.ready.keys()];
    const focusAgain: (() => void)[] = [];
    for (const [item, { key, host }] of this.ready) {
      const { isContinued } = item.block.content;
      const focused = focusable(item.node).indexOf(document.activeElement as HTMLElement);
      item.node.replaceChildren(...host.childNodes);
      item.node.classList.toggle('jp-mod-continued', isContinued);
      item.node.style.minHeight = '';
      item.shown = key;
      item.pending = null;
      focusAgain.push(() => focusable(item.node)[focused]?.focus({ preventScroll: true }));
    }
    this.ready.clear();
    this.options.shown(items);
    focusAgain.forEach(focus => focus());
  }

  private measured(entries: readonly ResizeObserverEntry[]): void {
    const { scroller } = this.options;
    const { index: anchor } = this.anchor();
    let growth = 0;
    for (const { target } of entries) {
      const item = this.itemOf.get(target);
      if (item && this.items.get(item.index) === item && target.isConnected) {
        const grown = this.heights.set(item.index, target.getBoundingClientRect().height);
        growth += item.index < anchor ? grown : 0;
      }
    }
    if (Math.abs(growth) > 0.5) {
      scroller.scrollTop += growth;
    }
    this.options.moved();
  }
}

/** What in an element can have the focus: with the same text, the same in the same order. */
function focusable(element: Element): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>('a[href], button, input, summary, [tabindex]')];
}

/** Calls back after the page has dealt with keys; timers would wait longer. */
function nextTurn(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(null);
}
