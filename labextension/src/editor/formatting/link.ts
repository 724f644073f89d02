import { EditorSelection } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

import { change } from './change';

const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/;
const PLACEHOLDER = 'https://';

/**
 * Makes a link of what is selected, and selects what is to be filled in: the address, or the text of a selected
 * address. `false` if the text is read-only.
 */
export function insertLink(view: EditorView): boolean {
  return change(view, 'input.format', (state, range) => {
    const { from, to } = range;
    const text = state.sliceDoc(from, to);
    if (ADDRESS.test(text)) {
      const changes = { from, to, insert: `[](${text})` };
      return { changes, select: () => EditorSelection.cursor(from + 1) };
    }
    const start = from + `[${text}](`.length;
    return {
      changes: { from, to, insert: `[${text}](${PLACEHOLDER})` },
      select: () =>
        text
          ? EditorSelection.range(start, start + PLACEHOLDER.length)
          : EditorSelection.cursor(from + 1)
    };
  });
}
