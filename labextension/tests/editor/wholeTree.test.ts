/** The tree of a whole text, parsed in idle moments while others type. */
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { Tree } from '@lezer/common';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { onWholeTree, wholeTree, wholeTrees } from '../../src/editor/wholeTree';
import { blockParser } from '../../src/markdown/commonMark';
import { bodyFrom } from '../../src/markdown/frontMatter';
import { specOf } from './kit/specText';

const views: EditorView[] = [];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  views.splice(0).forEach(view => view.destroy());
  vi.useRealTimers();
});

function viewOf(doc: string): EditorView {
  const view = new EditorView({ state: EditorState.create({ doc, extensions: wholeTrees }) });
  views.push(view);
  return view;
}

/** The tree of a parse of the text from nothing, as text. */
function parsed(content: string): string {
  const from = bodyFrom(content);
  return shown(blockParser.parse(content.slice(from)));
}

/** Types and positions of all nodes. */
function shown(tree: Tree): string {
  const nodes: string[] = [];
  tree.iterate({ enter: ({ name, from, to }) => void nodes.push(`${name} ${from}-${to}`) });
  return nodes.join('\n');
}

const LINES = [
  '', '', '# One', '## Two', '- item', '  more', '  - [ ] inner', '1. first', '```', '~~~', '> quote', '---', '===',
  '| a | b |', '|---|---|', '| 1 | 2 |', '<div>', '<!-- a', '-->', '[label]: /u', 'text', '    code', 'title: x', '\t- tab'
]; // prettier-ignore
const line = fc.constantFrom(...LINES);
const lines = fc.array(line, { maxLength: 30 }).map(each => each.join('\n'));

describe('the whole tree', () => {
  it('is that of a parse of the whole text, after any changes', () => {
    const change = fc.record({ at: fc.nat(), length: fc.nat({ max: 60 }), insert: lines });
    fc.assert(
      fc.property(
        lines,
        fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
        (start, steps) => {
          const view = viewOf(`${start}\n\n${specOf(4_000)}`);
          onWholeTree(view, () => undefined);
          vi.runAllTimers();
          for (const step of steps) {
            for (const { at, length, insert } of step) {
              const from = at % (view.state.doc.length + 1);
              const to = Math.min(view.state.doc.length, from + length);
              view.dispatch({ changes: { from, to, insert } });
            }
            vi.runAllTimers();
            const content = view.state.doc.toString();
            const found = wholeTree(view);
            expect(found?.doc).toBe(view.state.doc);
            expect(found && shown(found.body)).toBe(parsed(content));
          }
        }
      ),
      { numRuns: 40 }
    );
  });
});
