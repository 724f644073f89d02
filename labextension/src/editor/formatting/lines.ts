import {
  EditorSelection,
  type EditorState,
  type Line,
  type SelectionRange
} from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

import { change, type Edit } from './change';

/** What a line can be made: an item of a list, a quote. */
export type LineKind = 'bullet' | 'number' | 'task' | 'quote';

/** Indentation, the mark of a list or quote, and the rest of a line. */
const LINE = /^(\s*)((?:[-*+]|\d{1,9}[.)])(?: +\[[ xX]\])?(?: +|$)|> ?)?(.*)$/;
const HEADING = /^(#{1,6})(?: +|$)/;

const IS_KIND: Readonly<Record<LineKind, RegExp>> = {
  bullet: /^[-*+](?! +\[[ xX]\])/,
  number: /^\d/,
  task: /\[[ xX]\]/,
  quote: /^>/
};

/**
 * Makes the selected lines items of a list or a quote, or plain text if all of them are that already. Lists of
 * another kind change. `false` if the text is read-only.
 */
export function toggleLines(view: EditorView, kind: LineKind): boolean {
  return change(view, 'input.format', (state, range) => {
    const lines = filled(linesOf(state, range));
    const isOn = lines.every(({ text }) => IS_KIND[kind].test(LINE.exec(text)?.[2] ?? ''));
    let number = 0;
    return replaced(
      range,
      lines.map(line => {
        const [, indent = '', mark = ''] = LINE.exec(line.text) ?? [];
        const from = line.from + indent.length;
        const insert = isOn ? '' : markOf(kind, ++number);
        return { from, to: from + mark.length, insert };
      })
    );
  });
}

/**
 * Makes the selected lines headings of a level, or plain text if they are that already. Level 0 is plain text.
 * `false` if the text is read-only.
 */
export function setHeading(view: EditorView, level: number): boolean {
  return change(view, 'input.format', (state, range) => {
    const lines = filled(linesOf(state, range));
    const isOn = lines.every(({ text }) => HEADING.exec(text)?.[1].length === level);
    const insert = isOn || level === 0 ? '' : `${'#'.repeat(level)} `;
    return replaced(
      range,
      lines.map(line => {
        const mark = HEADING.exec(line.text)?.[0] ?? '';
        return { from: line.from, to: line.from + mark.length, insert };
      })
    );
  });
}

function markOf(kind: LineKind, number: number): string {
  return { bullet: '- ', number: `${number}. `, task: '- [ ] ', quote: '> ' }[kind];
}

function replaced(range: SelectionRange, changes: Edit['changes']): Edit {
  return {
    changes,
    select: mapped => EditorSelection.range(mapped(range.anchor, 1), mapped(range.head, 1))
  };
}

function linesOf(state: EditorState, { from, to }: SelectionRange): readonly Line[] {
  const lines: Line[] = [];
  for (let { number } = state.doc.lineAt(from); number <= state.doc.lineAt(to).number; number++) {
    lines.push(state.doc.line(number));
  }
  // A selection that ends at the start of a line does not mean that line.
  return lines.length > 1 && lines[lines.length - 1].from === to ? lines.slice(0, -1) : lines;
}

/** Those with text; all if none has. */
function filled(lines: readonly Line[]): readonly Line[] {
  const found = lines.filter(({ text }) => text.trim() !== '');
  return found.length > 0 ? found : lines;
}
