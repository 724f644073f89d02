import { markdown, markdownLanguage } from '@codemirror/lang-markdown';
import { pythonLanguage } from '@codemirror/lang-python';
import { type Input, Parser, type PartialParse, type Tree, type TreeFragment } from '@lezer/common';
import { classHighlighter, highlightTree } from '@lezer/highlight';
import { describe, expect, it } from 'vitest';

import { ContentParser } from '../../src/editor/codeParser';

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

function parserOf(python: Parser): { readonly plain: Parser; readonly resuming: ContentParser } {
  const language = { parser: python } as unknown as typeof pythonLanguage;
  const codeLanguages = (info: string) => (info === 'python' ? language : null);
  const plain = markdown({ base: markdownLanguage, codeLanguages }).language.parser;
  return { plain, resuming: new ContentParser(plain) };
}

function parsed(parse: PartialParse, steps = Infinity): Tree | null {
  let tree: Tree | null = null;
  for (let step = 0; step < steps && !tree; step++) {
    tree = parse.advance();
  }
  return tree;
}

/** As CodeMirror does before it begins again: it takes what is there. */
function broken(parse: PartialParse): Tree {
  parse.stopAt(parse.parsedPos);
  return parsed(parse)!;
}

/** What has which colour, also in code. */
function told(tree: Tree): string[] {
  const marks: string[] = [];
  highlightTree(tree, classHighlighter, (from, to, name) => marks.push(`${name} ${from} ${to}`));
  return marks;
}

function isBefore(position: number): (mark: string) => boolean {
  return mark => Number(mark.split(' ').at(-1)) <= position;
}

describe('the parser of what is in a spec', () => {
  it('makes the tree of the Markdown parser', () => {
    const { plain, resuming } = parserOf(pythonLanguage.parser);
    expect(told(resuming.parse(TEXT))).toEqual(told(plain.parse(TEXT)));
    expect(told(resuming.parse(TEXT)).length).toBeGreaterThan(100);
  });

  it('comes to an end however often the text is changed elsewhere', () => {
    const once = counted();
    parsed(parserOf(once.parser).plain.startParse(TEXT));
    const python = counted();
    const { plain, resuming } = parserOf(python.parser);
    let [above, tree, turns] = ['', null as Tree | null, 0];
    while (!tree) {
      above += 'x';
      const parse = resuming.startParse(`${above}\n\n${TEXT}`);
      tree = parsed(parse, 60);
      if (!tree) {
        broken(parse);
      }
      expect(++turns).toBeLessThan(200);
    }
    expect(turns).toBeGreaterThan(3);
    expect(told(tree)).toEqual(told(plain.parse(`${above}\n\n${TEXT}`)));
    // The small block is parsed again in some turns.
    expect(python.steps()).toBeLessThan(2 * once.steps() + 20 * turns);
  });

  it('takes nothing of a block that was changed itself', () => {
    const { plain, resuming } = parserOf(pythonLanguage.parser);
    const first = resuming.startParse(TEXT);
    expect(parsed(first, 30)).toBeNull();
    broken(first);
    const changed = TEXT.replace('nearly', 'almost');
    expect(told(resuming.parse(changed))).toEqual(told(plain.parse(changed)));
  });

  it('gives the block that is at the edge of the view its colours', () => {
    const { resuming } = parserOf(pythonLanguage.parser);
    const parse = resuming.startParse(TEXT);
    parse.stopAt(200);
    expect(told(parsed(parse)!)).toEqual(told(resuming.parse(TEXT)).filter(isBefore(2_121)));
  });
});
