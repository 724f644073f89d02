import {
  type Input,
  type NestedParse,
  Parser,
  type PartialParse,
  type SyntaxNodeRef,
  Tree,
  type TreeFragment
} from '@lezer/common';

/** How many blocks of code, whose parse was broken off, are kept. */
const MOST = 16;

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * A Markdown parser whose parse of a block of code goes on where it was after a change elsewhere.
 *
 * CodeMirror parses for 20 ms after each change, and begins again with the next one. What is no code in the block's
 * language takes a parser a long time: 2,000 letters of prose as Python up to 100 ms. Where several people type, such
 * a block, made by a fence that is not closed yet, would never be parsed to its end, and each letter would cost 20 ms.
 *
 * Law (`codeParser.test.ts`, "comes to an end however often the text is changed elsewhere"): the tree is that of the
 * Markdown parser, and the text of a block that stays as it is is parsed once.
 */
export class ContentParser extends Parser {
  private readonly parsers = new WeakMap<Parser, ResumingParser>();

  constructor(private readonly markdown: Parser) {
    super();
  }

  override createParse(
    input: Input,
    fragments: readonly TreeFragment[],
    ranges: readonly Range[]
  ): PartialParse {
    const parse = this.markdown.startParse(input, fragments, ranges);
    // What `parseMixed` makes: `nest` tells the parser of a node. There is no public way to a parser's own one.
    for (let mixed: Mixed | null = parse; mixed; mixed = mixed.baseParse ?? null) {
      const { nest } = mixed;
      if (nest) {
        mixed.nest = (node, text) => this.resuming(nest(node, text));
      }
    }
    return parse;
  }

  private resuming(nested: NestedParse | null): NestedParse | null {
    if (!nested || !isLezer(nested.parser)) {
      return nested;
    }
    const known = this.parsers.get(nested.parser) ?? new ResumingParser(nested.parser);
    this.parsers.set(nested.parser, known);
    return { ...nested, parser: known };
  }
}

interface Mixed extends PartialParse {
  nest?: (node: SyntaxNodeRef, input: Input) => NestedParse | null;
  readonly baseParse?: Mixed | null;
}

/** Parsers of the older kind depend on what is in view. */
function isLezer(parser: Parser): boolean {
  return 'hasWrappers' in parser;
}

/** Goes on with the parse of a text that was broken off. */
class ResumingParser extends Parser {
  private readonly broken = new Map<string, PartialParse>();

  constructor(private readonly parser: Parser) {
    super();
  }

  override createParse(
    input: Input,
    fragments: readonly TreeFragment[],
    ranges: readonly Range[]
  ): PartialParse {
    const [range] = ranges;
    if (ranges.length !== 1) {
      return this.parser.startParse(input, fragments, ranges);
    }
    const text = input.read(range.from, range.to);
    const parse = this.broken.get(text) ?? this.parser.startParse(input, fragments, ranges);
    this.broken.delete(text);
    return new ResumedParse(parse, range, () => this.keep(text, parse));
  }

  private keep(text: string, parse: PartialParse): void {
    this.broken.set(text, parse);
    for (const [oldest] of this.broken) {
      if (this.broken.size <= MOST) {
        break;
      }
      this.broken.delete(oldest);
    }
  }
}

/**
 * A parse that is broken off by a stop at its beginning: it is empty then, and what was parsed is kept. A stop behind
 * that changes nothing, so that a block of which a part is in view has its colours.
 *
 * Its text may have stood elsewhere when the parse began; the tree is the same.
 */
class ResumedParse implements PartialParse {
  stoppedAt: number | null = null;

  constructor(
    private readonly parse: PartialParse,
    private readonly range: Range,
    private readonly brokenOff: () => void
  ) {}

  /** While the parse goes on, none of the text counts as parsed. */
  get parsedPos(): number {
    return this.range.from;
  }

  advance(): Tree | null {
    return this.stoppedAt === null ? this.parse.advance() : Tree.empty;
  }

  stopAt(position: number): void {
    if (this.stoppedAt === null && position <= this.range.from) {
      this.stoppedAt = position;
      this.brokenOff();
    }
  }
}
