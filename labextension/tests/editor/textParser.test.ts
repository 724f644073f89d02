/** The parse of a whole text, made in idle moments while others type. */
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { onParsedText, parsedText, textParser } from '../../src/editor/textParser';
import { outlineOf } from '../../src/markdown/outlineReading';
import { parsed } from '../../src/markdown/textParsing';
import { specOf } from './kit/specText';

const views: EditorView[] = [];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  views.splice(0).forEach(view => view.destroy());
  vi.useRealTimers();
});

function viewOf(doc: string): EditorView {
  const view = new EditorView({ state: EditorState.create({ doc, extensions: textParser }) });
  views.push(view);
  return view;
}

const LINES = [
  '', '', '# One', '## Two', '- item', '  more', '  - [ ] inner', '1. first', '```', '~~~', '> quote', '---', '===',
  '| a | b |', '|---|---|', '| 1 | 2 |', '<div>', '<!-- a', '-->', '[label]: /u', 'text', '    code', 'title: x', '\t- tab'
]; // prettier-ignore
const line = fc.constantFrom(...LINES);
const lines = fc.array(line, { maxLength: 30 }).map(each => each.join('\n'));

describe('the parse of an editor’s text', () => {
  it('is that of the whole text, after any changes', () => {
    const change = fc.record({ at: fc.nat(), length: fc.nat({ max: 60 }), insert: lines });
    fc.assert(
      fc.property(
        lines,
        fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
        (start, steps) => {
          const view = viewOf(`${start}\n\n${specOf(4_000)}`);
          onParsedText(view, () => undefined);
          vi.runAllTimers();
          for (const step of steps) {
            for (const { at, length, insert } of step) {
              const from = at % (view.state.doc.length + 1);
              const to = Math.min(view.state.doc.length, from + length);
              view.dispatch({ changes: { from, to, insert } });
            }
            vi.runAllTimers();
            const found = parsedText(view);
            expect(found?.doc).toBe(view.state.doc);
            const { entries } = outlineOf(parsed(view.state.doc));
            expect(found && outlineOf(found).entries).toEqual(entries);
          }
        }
      ),
      { numRuns: 40 }
    );
  });
});
