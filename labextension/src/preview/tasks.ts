import type { EditorView } from '@codemirror/view';

import type { Item } from './list';

const BOX = 'input[type="checkbox"]';

/** Makes the boxes of a block's task list ready to be ticked, if they are those of its source and the user may edit. */
export function prepareTasks({ node, block }: Item, mayTick: boolean): void {
  const boxes = [...node.querySelectorAll<HTMLInputElement>(BOX)];
  const isKnown = boxes.length === block.tasks.length;
  boxes.forEach((box, index) => {
    box.disabled = !mayTick || !isKnown;
    box.dataset['task'] = String(index);
    box.setAttribute('aria-label', labelOf(box));
  });
}

/**
 * Shows in a block's boxes what its source says: a box that was ticked and unticked again before the text was read is
 * not rendered anew, since the text is what it was.
 */
export function showTicksOfSource({ node, block, shown }: Item): void {
  if (block.tasks.length > 0 && shown === block.content.key) {
    for (const box of node.querySelectorAll<HTMLInputElement>(BOX)) {
      box.checked = box.defaultChecked;
    }
  }
}

function labelOf(box: HTMLInputElement): string {
  const item = box.closest('li')?.cloneNode(true) as HTMLElement | undefined;
  item?.querySelectorAll('ul, ol').forEach(list => list.remove());
  return (item?.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 100);
}

/** The index of a box among the tasks of its block; `null` for anything else. */
export function taskOf(target: EventTarget | null): number | null {
  const isBox = target instanceof HTMLInputElement && target.matches(BOX);
  return isBox && target.dataset['task'] ? Number(target.dataset['task']) : null;
}

/**
 * Ticks the box that begins at `position` of the editor, or takes the tick away, as an edit like any other; `false` if
 * there is no box any more.
 */
export function tick(view: EditorView, position: number, isDone: boolean): boolean {
  const box = view.state.sliceDoc(position, position + 3);
  if (view.state.readOnly || !/^\[[ xX]\]$/.test(box)) {
    return false;
  }
  view.dispatch({
    changes: { from: position + 1, to: position + 2, insert: isDone ? 'x' : ' ' },
    userEvent: 'input.task'
  });
  return true;
}
