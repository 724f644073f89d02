import type { EditorView } from '@codemirror/view';

import { safeColour } from '../editor';
import { caretPlaces } from '../editor/caretPlaces';
import type { BlockList } from './list';
import type { ParsedSource } from './parsedSource';

/** How many people are shown beside one block. */
const MOST = 4;
const BARS = 'jp-SpecPreview-carets';

/** Bars beside the blocks that others have their carets in. */
export class CaretBars {
  private shown = new Map<HTMLElement, string>();
  private frame = 0;

  constructor(
    private readonly view: EditorView,
    private readonly list: BlockList,
    private readonly source: ParsedSource
  ) {}

  dispose(): void {
    cancelAnimationFrame(this.frame);
  }

  /** Carets may have changed. */
  update(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.redraw();
    });
  }

  /** Blocks have changed: shows the bars beside them, in the same frame. */
  redraw(): void {
    const { list, source, view } = this;
    const byNode = new Map<HTMLElement, { name: string; colour: string }[]>();
    for (const { caret, head } of caretPlaces(view)) {
      const item = list.item(list.all.indexAt(source.toBlocks(head)));
      if (item) {
        const people = byNode.get(item.node) ?? [];
        people.push({ name: caret.userName, colour: safeColour(caret.color, caret.userId) });
        byNode.set(item.node, people);
      }
    }
    const before = this.shown;
    this.shown = new Map([...byNode].map(([node, people]) => [node, JSON.stringify(people)]));
    for (const node of before.keys()) {
      if (!byNode.has(node)) {
        node.querySelector(`:scope > .${BARS}`)?.remove();
      }
    }
    for (const [node, people] of byNode) {
      const bars = node.querySelector(`:scope > .${BARS}`);
      if (!bars || before.get(node) !== this.shown.get(node)) {
        bars?.remove();
        node.append(barsFor(people));
      }
    }
  }
}

function barsFor(
  people: readonly { readonly name: string; readonly colour: string }[]
): HTMLElement {
  const bars = document.createElement('span');
  bars.className = BARS;
  for (const { name, colour } of people.slice(0, MOST)) {
    const bar = document.createElement('span');
    bar.style.backgroundColor = colour;
    bar.title = name;
    bars.append(bar);
  }
  bars.setAttribute('role', 'img');
  bars.setAttribute('aria-label', people.map(({ name }) => name).join(', '));
  return bars;
}
