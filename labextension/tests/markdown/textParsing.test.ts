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

interface Change {
  readonly at: number;
  readonly length: number;
  readonly insert: string;
}

/** Expects that a text has the blocks of a parse of the whole text, and that it does after each step of changes. */
function isLikeWhole(start: string, changes: readonly (readonly Change[])[], size: number): void {
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
    set.iterChangedRanges((fromA, toA, fromB, toB) => ranges.push({ fromA, toA, fromB, toB }));
    doc = set.apply(doc);
    now = finish(parseInSteps(doc, { known: unchanged(now, ranges), size }));
    expect(blocksOf(now)).toEqual(blocksOfWhole(doc));
  }
}

describe('a text that is parsed in chunks', () => {
  it('has the blocks of a parse of the whole text, whatever was changed before', () => {
    fc.assert(fc.property(text, steps, fc.integer({ min: 1, max: 60 }), isLikeWhole), {
      numRuns: RUNS
    });
  });

  it('is so also where long paragraphs become headings, and headings paragraphs', () => {
    const words = fc.constantFrom(...LINES, 'words', 'words', 'words', 'words', 'words');
    const long = fc
      .array(words, { minLength: 1, maxLength: 4 })
      .map(lines =>
        lines
          .map(each => (each === 'words' ? 'some words of a long paragraph\n'.repeat(220) : each))
          .join('\n')
      );
    fc.assert(fc.property(long, steps, fc.integer({ min: 100, max: 3_000 }), isLikeWhole), {
      numRuns: RUNS / 5
    });
    const paragraph = 'some words of a long paragraph\n'.repeat(1_000);
    const [there, gone] = [
      [{ at: paragraph.length, length: 0, insert: '===\n' }],
      [{ at: paragraph.length, length: 4, insert: '' }]
    ];
    isLikeWhole(`${paragraph}\nmore\n`, [there, gone, there], 2_000);
  });

  it('keeps the chunks that a letter does not touch, also in a long list, quote, paragraph or table', () => {
    const texts = [
      'A paragraph of words.\n\n'.repeat(2_000),
      'A line of a paragraph.\n'.repeat(2_000),
      '> a quote\n>\n'.repeat(2_000),
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
      expect(before.chunks.length).toBeGreaterThan(10);
      expect(known.chunks.length).toBeGreaterThan(before.chunks.length - 3);
      const kept = after.chunks.filter(chunk => before.chunks.includes(chunk));
      expect(kept).toHaveLength(known.chunks.length);
    }
  });
});
