/** Parsing a text in chunks, of which a change leaves most as they are. */
import { ChangeSet, Text } from '@codemirror/state';
import { Tree } from '@lezer/common';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { blockParser } from '../../src/markdown/commonMark';
import { bodyFrom } from '../../src/markdown/frontMatter';
import { LineInput } from '../../src/markdown/parsedText';
import { type ChangedRange, parsed, parseInSteps, unchanged } from '../../src/markdown/textParsing';
import { finish } from '../../src/text';

/** How many random texts are changed. `SPECCOLLAB_PARSES=20000` for a long run. */
const RUNS = Number(process.env['SPECCOLLAB_PARSES'] ?? 300);

interface Block {
  readonly name: string;
  readonly from: number;
  to: number;
  readonly nodes: string[];
}

/** The blocks of a tree that begins at `at`, with the types and positions of their nodes. */
function blocksIn(tree: Tree, at: number): Block[] {
  return tree.children.flatMap((child, index) => {
    const from = at + tree.positions[index]!;
    if (!(child instanceof Tree)) {
      throw new Error('a block has a tree');
    }
    if (child.type.isAnonymous) {
      return blocksIn(child, from);
    }
    const nodes: string[] = [];
    child.iterate({
      enter: node => {
        if (
          node.name &&
          (node.from > 0 || node.to < child.length || node.name !== child.type.name)
        ) {
          nodes.push(`${node.name} ${from + node.from}-${from + node.to}`);
        }
      }
    });
    return [{ name: child.type.name, from, to: from + child.length, nodes }];
  });
}

/**
 * The blocks of all chunks; a list, quote or table that goes on in the next chunk is one. A quote that ends before a
 * line has the mark of that line, too.
 */
function blocksOf({ chunks, starts }: ReturnType<typeof parsed>): Block[] {
  const blocks: Block[] = [];
  chunks.forEach(({ tree, inside }, index) => {
    const own = blocksIn(tree, starts[index]!);
    const last = blocks.at(-1);
    if (inside && last) {
      const first = own.shift()!;
      expect(first.name).toBe(last.name);
      last.to = first.to;
      last.nodes.push(...first.nodes.filter(node => node !== last.nodes.at(-1)));
    }
    blocks.push(...own);
  });
  return blocks;
}

function blocksOfWhole(doc: Text): Block[] {
  const from = bodyFrom(doc.toString());
  const ranges = [{ from, to: doc.length }];
  const parse = blockParser.startParse(new LineInput(doc), [], ranges);
  for (;;) {
    const tree = parse.advance();
    if (tree) {
      return blocksIn(tree, from);
    }
  }
}

const LINES = [
  '', '', '', '# One', '## Two', '- item', '  more', '  - [ ] inner', '* star', '1. first', '2) second', '```', '~~~',
  '> quote', '---', '===', '| a | b |', '|---|---|', '| 1 | 2 |', '| 1 |', 'a | b', '<div>', '<!-- a', '-->',
  '[label]: /u', '[two', 'lines]: /u', "'title'", 'text', '    code', 'title: x', '\t- tab', '   # in', '+', '  '
]; // prettier-ignore
const text = fc.array(fc.constantFrom(...LINES), { maxLength: 60 }).map(lines => lines.join('\n'));
const change = fc.record({ at: fc.nat(), length: fc.nat({ max: 12 }), insert: text });
const steps = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 8 });

describe('a text that is parsed in chunks', () => {
  it('has the blocks of a parse of the whole text, whatever was changed before', () => {
    fc.assert(
      fc.property(text, steps, fc.integer({ min: 1, max: 60 }), (start, changes, size) => {
        let doc = Text.of(start.split('\n'));
        let now = finish(parseInSteps(doc, { size }));
        expect(blocksOf(now)).toEqual(blocksOfWhole(doc));
        for (const step of changes) {
          const set = ChangeSet.of(
            step.map(({ at, length, insert }) => {
              const from = at % (doc.length + 1);
              return { from, to: Math.min(doc.length, from + length), insert };
            }),
            doc.length
          );
          const ranges: ChangedRange[] = [];
          set.iterChangedRanges((fromA, toA, fromB, toB) =>
            ranges.push({ fromA, toA, fromB, toB })
          );
          doc = set.apply(doc);
          now = finish(parseInSteps(doc, { known: unchanged(now, ranges), size }));
          expect(blocksOf(now)).toEqual(blocksOfWhole(doc));
        }
      }),
      { numRuns: RUNS }
    );
  });

  it('keeps the chunks that a letter does not touch, also in a long list or table', () => {
    const texts = [
      'A paragraph of words.\n\n'.repeat(2_000),
      '- an item of a list\n'.repeat(2_000),
      `| a | b |\n|---|---|\n${'| some | words |\n'.repeat(2_000)}`
    ];
    for (const content of texts) {
      let doc = Text.of(content.split('\n'));
      const before = parsed(doc);
      const at = doc.line(1_001).to - 3;
      const ranges = [{ fromA: at, toA: at, fromB: at, toB: at + 1 }];
      doc = doc.replace(at, at, Text.of(['x']));
      const known = unchanged(before, ranges);
      const after = finish(parseInSteps(doc, { known }));
      expect(before.chunks.length).toBeGreaterThan(15);
      expect(known.chunks.length).toBeGreaterThan(before.chunks.length - 3);
      const kept = after.chunks.filter(chunk => before.chunks.includes(chunk));
      expect(kept).toHaveLength(known.chunks.length);
    }
  });
});
