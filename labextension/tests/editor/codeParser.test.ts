import { markdown, markdownLanguage } from '@codemirror/lang-markdown';
import { pythonLanguage } from '@codemirror/lang-python';
import { type Input, Parser, type PartialParse, type Tree, TreeFragment } from '@lezer/common';
import { classHighlighter, highlightTree } from '@lezer/highlight';
import { describe, expect, it } from 'vitest';

import { ContentParser } from '../../src/editor/codeParser';
import { finish } from '../../src/text';

const PROSE = 'Whoever reads (this as Python; finds: an error in {nearly every line.\n'.repeat(30);
const TEXT = `# Code\n\n\`\`\`python\n${PROSE}\`\`\`\n\n> \`\`\`python\n> a = 1\n> \`\`\`\n\nEnd.\n`;

/** Python whose parser counts how often it is told to go on. */
function counted(): { readonly parser: Parser; readonly steps: () => number } {
  let steps = 0;
  class Counted extends Parser {
    readonly hasWrappers = () => false;

    override createParse(
      input: Input,
      fragments: readonly TreeFragment[],
      ranges: readonly { from: number; to: number }[]
    ): PartialParse {
      const parse = pythonLanguage.parser.startParse(input, fragments, ranges);
      return {
        get parsedPos() {
          return parse.parsedPos;
        },
        get stoppedAt() {
          return parse.stoppedAt;
        },
        advance: () => {
          steps++;
          return parse.advance();
        },
        stopAt: position => parse.stopAt(position)
      };
    }
  }
  return { parser: new Counted(), steps: () => steps };
}

/** `step`: how many milliseconds each step of a parse takes. */
function parserOf(
  python: Parser,
  step = 0.1
): { readonly plain: Parser; readonly bounded: ContentParser } {
  const language = { parser: python } as unknown as typeof pythonLanguage;
  const codeLanguages = (info: string) => (info === 'python' ? language : null);
  const plain = markdown({ base: markdownLanguage, codeLanguages }).language.parser;
  let now = 0;
  return { plain, bounded: new ContentParser(plain, { now: () => (now += step) }) };
}

/** What has which colour, also in code. */
function told(tree: Tree): string[] {
  const marks: string[] = [];
  highlightTree(tree, classHighlighter, (from, to, name) => marks.push(`${name} ${from} ${to}`));
  return marks;
}

describe('the parser of what is in a spec', () => {
  it('makes the tree of the Markdown parser, once it was given time', () => {
    const { plain, bounded } = parserOf(pythonLanguage.parser);
    const whole = told(plain.parse(TEXT));
    expect(whole.length).toBeGreaterThan(100);
    const first = told(bounded.parse(TEXT));
    expect(first.length).toBeLessThan(whole.length);
    expect(whole).toEqual(expect.arrayContaining(first));
    expect(bounded.isWaiting).toBe(true);
    finish(bounded.finishCode());
    expect(bounded.isWaiting).toBe(false);
    expect(told(bounded.parse(TEXT))).toEqual(whole);
  });

  it('parses a block once, however often the text is changed elsewhere', () => {
    const python = counted();
    const { plain, bounded } = parserOf(python.parser);
    plain.parse(TEXT);
    const once = python.steps();
    let [text, tree] = [TEXT, bounded.parse(TEXT)];
    for (let turn = 0; turn < 50; turn++) {
      text = `x${text}`;
      const change = { fromA: 0, toA: 0, fromB: 0, toB: 1 };
      const fragments = TreeFragment.applyChanges(TreeFragment.addTree(tree), [change]);
      tree = bounded.parse(text, fragments);
    }
    finish(bounded.finishCode());
    expect(python.steps()).toBeLessThan(2 * once + 10);
    expect(told(bounded.parse(text))).toEqual(told(plain.parse(text)));
  });

  it('takes nothing of a block that was changed itself', () => {
    const { plain, bounded } = parserOf(pythonLanguage.parser);
    bounded.parse(TEXT);
    const changed = TEXT.replace('nearly', 'almost');
    bounded.parse(changed);
    finish(bounded.finishCode());
    expect(told(bounded.parse(changed))).toEqual(told(plain.parse(changed)));
  });

  it('spends no more than its time on many blocks', () => {
    const python = counted();
    const { bounded } = parserOf(python.parser);
    bounded.parse(`${TEXT}\n`.repeat(20));
    expect(python.steps()).toBeLessThan(100);
  });

  it('keeps the colours of code that is edited', () => {
    const { plain, bounded } = parserOf(pythonLanguage.parser, 0.003);
    let text = `\`\`\`python\n${'value = [1, 2]\n'.repeat(1_000)}\`\`\`\n`;
    bounded.parse(text);
    expect(bounded.isWaiting).toBe(true);
    finish(bounded.finishCode());
    let tree = bounded.parse(text);
    for (let turn = 0; turn < 5; turn++) {
      const at = text.indexOf('1', 7_000);
      text = `${text.slice(0, at)}0${text.slice(at)}`;
      const change = { fromA: at, toA: at, fromB: at, toB: at + 1 };
      const fragments = TreeFragment.applyChanges(TreeFragment.addTree(tree), [change]);
      tree = bounded.parse(text, fragments);
      expect(told(tree)).toEqual(told(plain.parse(text)));
    }
  });
});
