import type { EditorView } from '@codemirror/view';

import { newMarksBetween, onNewMarks } from '../editor/newMarks';
import type { BlockList } from './list';
import type { ParsedSource } from './parsedSource';

const BAR = 'jp-SpecPreview-new';
/** How many different authors the pointer is told of one block. */
const MOST_TITLES = 4;

/** Bars beside the blocks that have something new in them, as in the margin of the source. */
export class NewBars {
  private frame = 0;
  private readonly end: () => void;

  constructor(
    private readonly view: EditorView,
    private readonly list: BlockList,
    private readonly source: ParsedSource
  ) {
    this.end = onNewMarks(view, () => this.update());
  }

  dispose(): void {
    this.end();
    cancelAnimationFrame(this.frame);
  }

  /** What is new may have changed. */
  update(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.redraw();
    });
  }

  /** Blocks have changed: shows the bars beside them, in the same frame. */
  redraw(): void {
    const { list, source, view } = this;
    for (const { block, node } of list.inPage) {
      const marks = newMarksBetween(
        view,
        source.toEditor(block.from),
        source.toEditor(block.to, -1)
      );
      const shown = marks.find(({ isSeen }) => !isSeen) ?? marks[0];
      const bar = node.querySelector<HTMLElement>(`:scope > .${BAR}`);
      if (!shown) {
        bar?.remove();
        continue;
      }
      const drawn = bar ?? node.appendChild(document.createElement('span'));
      const titles = [...new Set(marks.map(({ title }) => title))].slice(0, MOST_TITLES);
      drawn.className = shown.isSeen ? `${BAR} jp-mod-seen` : BAR;
      drawn.style.setProperty('--speccollab-person', shown.colour);
      drawn.title = titles.join('\n');
    }
  }
}
