import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { updates } from '../../src/editor/updates';
import { textParser } from '../../src/editor/textParser';
import type { Block } from '../../src/preview/blocks';
import { ParsedSource } from '../../src/preview/parsedSource';

const TEXT = ['# One', 'Two two.', '- three\n- four', '> five', 'Six.'].join('\n\n');

interface Desk {
  readonly view: EditorView;
  readonly source: ParsedSource;
  blocks(): readonly Block[];
}

let desks: Desk[] = [];

function desk(text: string): Desk {
  const view = new EditorView({
    state: EditorState.create({ doc: text, extensions: [textParser, updates] })
  });
  let blocks: readonly Block[] = [];
  const source = new ParsedSource(view, read => (blocks = [...read]));
  const made = { view, source, blocks: () => blocks };
  desks.push(made);
  vi.runAllTimers();
  return made;
}

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  desks.forEach(({ view, source }) => {
    source.dispose();
    view.destroy();
  });
  desks = [];
  vi.useRealTimers();
});

function shown({ view, source }: Desk, { from, to }: Block): string {
  return view.state.sliceDoc(source.toEditor(from), source.toEditor(to, -1));
}

describe('where the blocks are in the editor', () => {
  it('the positions of a block hold its text, whatever was edited elsewhere', () => {
    const edits = fc.array(
      fc.record({
        place: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat(6),
        insert: fc.constantFrom('', 'x', 'new\n\n')
      }),
      { maxLength: 8 }
    );
    fc.assert(
      fc.property(edits, fc.nat(4), (list, index) => {
        const made = desk(TEXT);
        const block = made.blocks()[index]!;
        for (const { place, length, insert } of list) {
          const { doc } = made.view.state;
          const from = Math.floor(place * doc.length);
          const to = Math.min(doc.length, from + length);
          const [start, end] = [
            made.source.toEditor(block.from),
            made.source.toEditor(block.to, -1)
          ];
          if (to < start || from > end) {
            made.view.dispatch({ changes: { from, to, insert } });
          }
        }
        expect(shown(made, block)).toBe(block.content.source);
        expect(made.source.toBlocks(made.source.toEditor(block.from))).toBe(block.from);
      }),
      { numRuns: 40 }
    );
  });

  it('has the beginning of a long text at once, and then all of it', async () => {
    const text = Array.from({ length: 9_000 }, (_, at) => `Paragraph ${at}.`).join('\n\n');
    const view = new EditorView({
      state: EditorState.create({ doc: text, extensions: [textParser, updates] })
    });
    const counts: number[] = [];
    const source = new ParsedSource(view, blocks => counts.push(blocks.length));
    await Promise.resolve();
    expect(counts).toHaveLength(1);
    vi.runAllTimers();
    source.dispose();
    view.destroy();
    expect(counts).toHaveLength(2);
    expect(counts[0]).toBeGreaterThan(1_000);
    expect(counts[0]).toBeLessThan(3_000);
    expect(counts[1]).toBe(9_000);
  });

  it('follows each edit, and reads what was edited while it read', () => {
    const made = desk(TEXT);
    for (const word of ['a', 'b', 'c']) {
      made.view.dispatch({ changes: { from: made.view.state.doc.length, insert: `\n\n${word}` } });
    }
    vi.runAllTimers();
    expect(made.blocks().map(({ content }) => content.source)).toEqual([
      ...TEXT.split('\n\n'),
      'a',
      'b',
      'c'
    ]);
    made.blocks().forEach(block => expect(shown(made, block)).toBe(block.content.source));
  });
});
