import {
  type Input,
  type NestedParse,
  NodeType,
  Parser,
  type PartialParse,
  type SyntaxNodeRef,
  Tree,
  type TreeFragment
} from '@lezer/common';

import type { Clock } from '../runtime';
import type { Steps } from '../text';

/** Milliseconds within which blocks of code are parsed at once, together. */
const AT_ONCE = 8;
/** How many blocks may wait; of more, those that began to wait last do. */
const MOST_WAITING = 4;
/** How many parsed blocks are kept. */
const MOST_KNOWN = 64;

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * A Markdown parser that is quick also where a block of code takes long: such a block has no colours until
 * {@link finishCode} has parsed it, after which the text is to be parsed anew.
 *
 * What is no code in the block's language takes a parser a long time: 2,000 letters of prose as Python up to 100 ms.
 * A fence that is not closed yet makes such a block of all that follows. CodeMirror would begin with it again after
 * each change of anybody, for 20 ms each time.
 *
 * Laws (`codeParser.test.ts`): in the end the tree is that of the Markdown parser; a block whose text stays as it is
 * is parsed once, however often the text is changed elsewhere.
 */
export class ContentParser extends Parser {
  private readonly blocks: CodeBlocks;
  private readonly parsers = new WeakMap<Parser, CodeParser>();

  constructor(
    private readonly markdown: Parser,
    clock: Pick<Clock, 'now'>
  ) {
    super();
    this.blocks = new CodeBlocks(clock);
  }

  override createParse(
    input: Input,
    fragments: readonly TreeFragment[],
    ranges: readonly Range[]
  ): PartialParse {
    this.blocks.left = AT_ONCE;
    const parse = this.markdown.startParse(input, fragments, ranges);
    // What `parseMixed` makes: `nest` tells the parser of a node. There is no public way to a parser's own one.
    for (let mixed: Mixed | null = parse; mixed; mixed = mixed.baseParse ?? null) {
      const { nest } = mixed;
      if (nest) {
        mixed.nest = (node, text) => this.bounded(nest(node, text));
      }
    }
    return parse;
  }

  /** Whether there are blocks that have no colours yet. */
  get isWaiting(): boolean {
    return this.blocks.waiting.size > 0;
  }

  /** Parses the blocks that have no colours yet. */
  finishCode(): Steps<void> {
    return this.blocks.finish();
  }

  private bounded(nested: NestedParse | null): NestedParse | null {
    if (!nested || !isLezer(nested.parser)) {
      return nested;
    }
    const known = this.parsers.get(nested.parser) ?? new CodeParser(nested.parser, this.blocks);
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

/** What is known of blocks of code, by a language's number and their text. */
class CodeBlocks {
  /** Milliseconds that may still be used in this parse of the text. */
  left = 0;
  readonly known = new Map<string, Tree>();
  readonly waiting = new Map<string, PartialParse>();
  languages = 0;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Parses for as long as there is time; `null` if that was not long enough, so that the block waits. */
  parse(key: string, parse: PartialParse): Tree | null {
    const known = this.known.get(key);
    if (known) {
      return known;
    }
    const began = this.clock.now();
    let tree: Tree | null = null;
    let spent = 0;
    while (!tree && spent < this.left) {
      tree = parse.advance();
      spent = this.clock.now() - began;
    }
    this.left -= spent;
    if (tree) {
      this.parsed(key, tree);
    } else {
      keep(this.waiting, key, parse, MOST_WAITING);
    }
    return tree;
  }

  *finish(): Steps<void> {
    for (const [key, parse] of [...this.waiting].reverse()) {
      // A parse of the text may have come to its end meanwhile.
      if (this.waiting.get(key) !== parse) {
        continue;
      }
      let tree = parse.advance();
      while (!tree) {
        yield;
        tree = this.known.get(key) ?? parse.advance();
      }
      this.parsed(key, tree);
    }
  }

  private parsed(key: string, tree: Tree): void {
    keep(this.known, key, tree, MOST_KNOWN);
    this.waiting.delete(key);
  }
}

/** Keeps so many of what was used last. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const [oldest] of map) {
    if (map.size <= most) {
      break;
    }
    map.delete(oldest);
  }
}

/** Parses blocks of code of one language. */
class CodeParser extends Parser {
  private readonly language: number;

  constructor(
    private readonly parser: Parser,
    private readonly blocks: CodeBlocks
  ) {
    super();
    this.language = blocks.languages++;
  }

  override createParse(
    input: Input,
    fragments: readonly TreeFragment[],
    ranges: readonly Range[]
  ): PartialParse {
    const { from } = ranges[0];
    const texts = ranges.map(each => `${each.from - from}\0${input.read(each.from, each.to)}`);
    const key = `${this.language}\0${texts.join('\0')}`;
    const begin = () =>
      this.blocks.waiting.get(key) ?? this.parser.startParse(input, fragments, ranges);
    return new CodeParse(ranges, () => this.blocks.parse(key, begin()));
  }
}

/** Parses a block in one step. It is never parsed in part, since its tree would not be that of its text. */
class CodeParse implements PartialParse {
  readonly stoppedAt = null;

  constructor(
    private readonly ranges: readonly Range[],
    private readonly parse: () => Tree | null
  ) {}

  get parsedPos(): number {
    return this.ranges[0].from;
  }

  advance(): Tree {
    const length = this.ranges[this.ranges.length - 1].to - this.ranges[0].from;
    return this.parse() ?? new Tree(NodeType.none, [], [], length);
  }

  stopAt(): void {
    // It takes no longer than may be.
  }
}
