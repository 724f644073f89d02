import type { EditorView } from '@codemirror/view';

import { onUpdate } from '../editor/updates';
import type { Block } from './blocks';
import type { BlockList } from './list';
import type { ParsedSource } from './parsedSource';
import { acrossFrom, focusOf, type Knot, scrollFor } from './scrollMap';

/** What tells that a user is about to scroll a side. */
const MEANT = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
/** Pixels; the other side isn't moved for less. */
const LITTLE = 1.5;

type Side = 'source' | 'preview';

/**
 * Scrolls source and preview together.
 *
 * The side that the user scrolled or wrote in last leads, and the other one follows. What moves a side by itself, such
 * as an edit of somebody else or a picture that was loaded, makes it no leader, so that there are no circles.
 */
export class ScrollTogether {
  private leader: Side = 'source';
  private readonly stops: (() => void)[] = [];
  private frame = 0;

  constructor(
    private readonly view: EditorView,
    private readonly scroller: HTMLElement,
    private readonly list: BlockList,
    private readonly source: ParsedSource,
    /** Whether both sides are seen, and the user wants it. */
    private readonly isOn: () => boolean
  ) {
    this.watch(view.dom, 'source');
    this.watch(scroller, 'preview');
    this.listen(view.scrollDOM, 'scroll', () => this.scrolled('source'));
    this.listen(scroller, 'scroll', () => this.scrolled('preview'));
    const stop = onUpdate(view, ({ transactions, geometryChanged }) => {
      if (transactions.some(each => each.scrollIntoView)) {
        this.leader = 'source';
      }
      if (geometryChanged) {
        this.follow();
      }
    });
    this.stops.push(stop);
  }

  dispose(): void {
    this.stops.forEach(stop => stop());
    cancelAnimationFrame(this.frame);
  }

  /** Lets this side lead; the other one follows at once. */
  lead(side: Side): void {
    this.leader = side;
    this.follow();
  }

  /** Something may have moved: brings the other side to where the leader is. */
  follow(): void {
    if (this.isOn()) {
      this.frame ||= requestAnimationFrame(() => {
        this.frame = 0;
        this.bring(this.leader);
      });
    }
  }

  /** Brings one side to where the other one is, now; also if they don't scroll together. */
  bring(leader: Side): void {
    const [from, to] =
      leader === 'source'
        ? [this.view.scrollDOM, this.scroller]
        : [this.scroller, this.view.scrollDOM];
    if (!this.list.all.length || !from.clientHeight || !to.clientHeight) {
      return;
    }
    const focus = focusOf(dimensions(from));
    const place = acrossFrom(this.knotsAround(leader, focus), leader, focus);
    const top = scrollFor(place, dimensions(to));
    if (Math.abs(top - to.scrollTop) > LITTLE) {
      to.scrollTop = top;
    }
  }

  private scrolled(side: Side): void {
    if (side === this.leader) {
      this.follow();
    }
  }

  /** The block at a place of one side, with the ones around it and the ends of both texts. */
  private knotsAround(side: Side, place: number): Knot[] {
    const { list, view, scroller } = this;
    const { all } = list;
    const index = side === 'preview' ? list.indexAt(place) : this.indexInSource(place);
    const knots: Knot[] = [{ source: 0, preview: 0 }];
    const add = (source: number, preview: number) => {
      const last = knots.at(-1)!;
      knots.push({
        source: Math.max(last.source, source),
        preview: Math.max(last.preview, preview)
      });
    };
    for (let near = Math.max(0, index - 1); near <= index + 1 && near < all.length; near++) {
      const { top, bottom } = this.inSource(all.at(near)!);
      add(top, list.topOf(near));
      add(bottom, list.topOf(near + 1));
    }
    add(view.scrollDOM.scrollHeight, scroller.scrollHeight);
    return knots;
  }

  private indexInSource(place: number): number {
    const { view, source } = this;
    const line = view.lineBlockAtHeight(place - view.documentPadding.top);
    return this.list.all.indexAt(source.toBlocks(line.from));
  }

  /** Where a block is in what the editor scrolls. */
  private inSource({ from, to }: Block): { readonly top: number; readonly bottom: number } {
    const { view, source } = this;
    const { top } = view.documentPadding;
    return {
      top: top + view.lineBlockAt(source.toEditor(from)).top,
      bottom: top + view.lineBlockAt(source.toEditor(to, -1)).bottom
    };
  }

  private watch(element: HTMLElement, side: Side): void {
    const meant = () => {
      this.leader = side;
    };
    MEANT.forEach(type => this.listen(element, type, meant));
  }

  private listen(element: HTMLElement, type: string, listener: () => void): void {
    const options = { passive: true, capture: true };
    element.addEventListener(type, listener, options);
    this.stops.push(() => element.removeEventListener(type, listener, options));
  }
}

function dimensions({ scrollTop, scrollHeight, clientHeight }: HTMLElement) {
  return { top: scrollTop, height: scrollHeight, seen: clientHeight };
}
