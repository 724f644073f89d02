import { markdown } from '@codemirror/lang-markdown';
import { yamlFrontmatter } from '@codemirror/lang-yaml';
import { ensureSyntaxTree, Language } from '@codemirror/language';
import { EditorState, StateField, type Text, type TransactionSpec } from '@codemirror/state';
import { type Input, type PartialParse, Parser, type Tree, type TreeFragment } from '@lezer/common';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MaskedInput } from '../../src/editor/maskedInput';
import { isInCode, type Part, partAround, WHOLE } from '../../src/editor/part';
import { PartParser } from '../../src/editor/partParser';
import { specOf } from './kit/specText';

const content = markdown();
const whole = yamlFrontmatter({ content });
const parsers = { whole: whole.language.parser, content: content.language.parser };

/** A state that parses a part of `doc`, mapped through changes. */
function stateOf(doc: string, part: Part, parser = parsers): EditorState {
  const partField = StateField.define<Part>({
    create: () => part,
    update: ({ from, to }, { changes }) => ({
      from: changes.mapPos(from, -1),
      to: changes.mapPos(to, 1)
    })
  });
  const language = new Language(
    whole.language.data,
    new PartParser(parser, state => state.field(partField))
  );
  const state = EditorState.create({ doc, extensions: [partField, language.extension] });
  parts.set(state, partField);
  return state;
}

const parts = new WeakMap<EditorState, StateField<Part>>();

function update(state: EditorState, spec: TransactionSpec): EditorState {
  const next = state.update(spec).state;
  const field = parts.get(state);
  if (field) {
    parts.set(next, field);
  }
  return next;
}

function partOf(state: EditorState): Part {
  const field = parts.get(state);
  return field ? state.field(field) : { from: 0, to: 0 };
}

/** The tree after all the work that is left to do. */
function treeOf(state: EditorState): Tree {
  const tree = ensureSyntaxTree(state, state.doc.length, 60_000);
  if (!tree) {
    throw new Error('the parser did not come to an end');
  }
  return tree;
}

/** Names and ranges of all nodes of the part, in order. */
function nodesOf(tree: Tree): string[] {
  const nodes: string[] = [];
  tree.iterate({ enter: ({ name, from, to }) => void nodes.push(`${name} ${from} ${to}`) });
  return nodes.filter(node => !node.startsWith('Spec '));
}

/** The nodes of a new parse of the part alone. */
function anew(doc: Text, part: Part): string[] {
  const parser = part.from ? parsers.content : parsers.whole;
  const parse = parser.startParse(new MaskedInput(doc, part), [], [part]);
  let tree: Tree | null = null;
  while (!tree) {
    tree = parse.advance();
  }
  const nodes: string[] = [];
  tree.iterate({
    enter: ({ name, from, to }) => void nodes.push(`${name} ${from + part.from} ${to + part.from}`)
  });
  return nodes;
}

/** Counts how many characters the parser is given. */
function counting(parser: Parser): { parser: Parser; taken: () => number } {
  let taken = 0;
  class Counting extends Parser {
    override createParse(
      input: Input,
      fragments: readonly TreeFragment[],
      ranges: readonly { from: number; to: number }[]
    ): PartialParse {
      const counted: Input = {
        length: input.length,
        lineChunks: input.lineChunks,
        chunk: from => {
          const chunk = input.chunk(from);
          taken += chunk.length;
          return chunk;
        },
        read: (from, to) => input.read(from, to)
      };
      return parser.startParse(counted, fragments, ranges);
    }
  }
  return { parser: new Counting(), taken: () => taken };
}

const MARKS = [
  'x',
  '\n',
  '\n\n',
  '# ',
  '- ',
  '`',
  '**',
  '> ',
  '| a |\n',
  '    ',
  '1. ',
  '---\n',
  '[a](b)'
];

describe('the parser of a part', () => {
  it('gives the tree of a parse of the part alone', () => {
    const doc = specOf(6_000);
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      deleted: fc.nat(30),
      insert: fc.constantFrom('', ...MARKS)
    });
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(edit, { minLength: 1, maxLength: 12 }),
        (isFirst, edits) => {
          const from = isFirst ? 0 : doc.indexOf('\n## ') + 1;
          let state = stateOf(doc, { from, to: doc.lastIndexOf('\n', 5_000) });
          for (const { at, deleted, insert } of edits) {
            const place = Math.floor(at * state.doc.length);
            const to = Math.min(state.doc.length, place + deleted);
            state = update(state, { changes: { from: place, to, insert } });
          }
          expect(nodesOf(treeOf(state))).toEqual(anew(state.doc, partOf(state)));
        }
      ),
      { numRuns: 60 }
    );
  });

  it('reads nothing for a change outside of the part', () => {
    const doc = specOf(200_000);
    const { parser, taken } = counting(parsers.content);
    const part = partAround(EditorState.create({ doc }).doc, 100_000);
    let state = stateOf(doc, part, { ...parsers, content: parser });
    const first = taken();
    expect(first).toBeLessThan(2 * WHOLE);
    for (let count = 0; count < 100; count++) {
      state = update(state, { changes: { from: 100 + count, insert: 'x' } });
      state = update(state, { changes: { from: 190_000, to: 190_001 } });
    }
    expect(taken()).toBe(first);
    expect(treeOf(state).resolveInner(partOf(state).from + 3, 1).name).not.toBe('Spec');
  });

  it('reads about one block for a change inside of the part', () => {
    const doc = specOf(200_000);
    const { parser, taken } = counting(parsers.content);
    const part = partAround(EditorState.create({ doc }).doc, 100_000);
    let state = stateOf(doc, part, { ...parsers, content: parser });
    for (let count = 0; count < 20; count++) {
      const before = taken();
      state = update(state, { changes: { from: 100_000 + count, insert: 'x' } });
      expect(taken() - before).toBeLessThan(5_000);
    }
  });

  it('does not read an overlong line', () => {
    const digits = '0123456789'.repeat(20_000);
    const doc = `# Digits\n\n${digits}\n\n# Behind\n`;
    const { parser, taken } = counting(parsers.content);
    let state = stateOf(doc, { from: 0, to: doc.length }, { ...parsers, whole: parser });
    for (let count = 0; count < 5; count++) {
      state = update(state, { changes: { from: 5_000 + count, insert: 'x' } });
    }
    const names = nodesOf(treeOf(state)).map(node => node.split(' ')[0]);
    expect(names.filter(name => name === 'ATXHeading1')).toHaveLength(2);
    expect(names).not.toContain('Paragraph');
    expect(taken()).toBeGreaterThan(0);
  });
});

describe('a part', () => {
  const docOf = (text: string): Text => EditorState.create({ doc: text }).doc;

  it('knows whether a line is in a block of code', () => {
    const text = 'a\n~~~\n```\nb\n~~~\nc\n````\nd\n```\ne\n';
    const starts = [...text.matchAll(/^./gm)].map(({ index }) => index);
    const doc = docOf(text);
    const inside = starts.map(start => (isInCode(doc, start) ? text[start] : '-')).join('');
    expect(inside).toBe('--`b~--d`e');
  });

  it('is the whole of a short text', () => {
    expect(partAround(docOf('# A\n'), 2)).toEqual({ from: 0, to: 4 });
  });

  it('begins at a heading, and with the block of code that it would begin in', () => {
    const prose = 'Some words of prose.\n\n'.repeat(2_000);
    const code = `\`\`\`python\n${'value = 1\n\n# a comment\n'.repeat(1_500)}`;
    const doc = docOf(`${prose}## Here\n\n${'Text.\n\n'.repeat(2_000)}${code}\`\`\`\n\n${prose}`);
    const heading = prose.length;
    expect(partAround(doc, heading + 20_000).from).toBe(heading);
    const fence = doc.toString().indexOf('```python');
    expect(partAround(doc, fence + 30_000).from).toBe(fence);
  });
});
