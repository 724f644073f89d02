import type { EditorView } from '@codemirror/view';
import { expect, it } from 'vitest';

import { surroundingsOf } from '../../src/editor/surroundings';

const ROW = 20;

function rect(left: number, right: number, row: number, rows = 1): DOMRect {
  return new DOMRect(left, row * ROW, right - left, rows * ROW);
}

/** An editor of 600 pixels whose rows of text have these ends; jsdom has no layout. */
function editor(ends: readonly number[]) {
  const [scrollDOM, contentDOM] = [document.createElement('div'), document.createElement('div')];
  scrollDOM.append(contentDOM);
  for (const node of [scrollDOM, contentDOM]) {
    node.getBoundingClientRect = () => rect(0, 600, 0, 20);
  }
  const rowAt = (y: number) => Math.min(ends.length - 1, Math.floor(y / ROW));
  const view = {
    scrollDOM,
    contentDOM,
    posAtCoords: ({ y }: { y: number }) => rowAt(y),
    coordsAtPos: (row: number) => rect(0, ends[row]!, row)
  } as unknown as EditorView;
  /** Shows letters that are in no text. */
  const show = (className: string, ...rects: DOMRect[]) => {
    const element = document.createElement('span');
    element.className = className;
    element.getClientRects = () => rects as unknown as DOMRectList;
    contentDOM.append(element);
  };
  const endOf = (row: number) => surroundingsOf(view).rowEnd((row + 0.5) * ROW);
  return { show, endOf };
}

it('a row ends where its text ends; below the text there is none', () => {
  const { endOf } = editor([300, 120]);
  expect([0, 1, 2].map(endOf)).toEqual([300, 120, -Infinity]);
});

it('what is suggested and what others draft counts as text, in each row in which it stands', () => {
  const { show, endOf } = editor([300, 120]);
  show('cm-threadInserted cm-mod-selected', rect(300, 580, 0), rect(0, 90, 1), rect(0, 200, 2));
  show('cm-specDraft', rect(120, 180, 1));
  expect([0, 1, 2, 3].map(endOf)).toEqual([580, 180, 200, -Infinity]);
});
