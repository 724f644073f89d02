import type * as YamlPackage from 'yaml';
import type { Document, Node, Pair } from 'yaml';

import { codePointLength } from '../text';

export type Yaml = typeof YamlPackage;

/**
 * Front matter: the YAML mapping at the beginning of a spec, between two lines `---`.
 *
 * Law (`frontMatter.test.ts`): the server reads the same. Its `markdown/front_matter.py` says in words what is
 * read how; this file follows it.
 */
export interface FrontMatter {
  readonly fields: Readonly<Partial<Record<FieldName, string>>>;
  /** Why it can't be read, and where: a line of the whole text, from 1. Without fields then. */
  readonly error: { readonly reason: string; readonly line: number } | null;
  /** The offset of the text after it, in code points; 0 where there is none. */
  readonly bodyStart: number;
}

const NAMES = ['title', 'status', 'type', 'notebook'] as const;
export type FieldName = (typeof NAMES)[number];

/** The length of the part of a text, in code points, in which front matter must close. */
const HEAD = 65_536;
/** The greatest number of scalars, aliases, lists and mappings. */
const NODES = 1_000;
/** The greatest number of lists and mappings inside each other. */
const DEPTH = 50;
const TOO_MANY = `it has more than ${NODES.toLocaleString('en')} values`;
/** The greatest length of a field, in code points; the rest is cut off. */
const LONGEST = 200;

const OPENING = /^\uFEFF?---[ \t]*\n/;
const CLOSING = /^---[ \t]*$/m;
const NULLS = ['', '~', 'null', 'Null', 'NULL'];
/** Line breaks of YAML 1.1 that are none in YAML 1.2. */
const SPACES = /[\x85\u2028\u2029]/g;
const BLANK_LINE = /^[ \t]+$/gm;
// eslint-disable-next-line no-control-regex
const GAP = /[\x00-\x20\x7f-\x9f\u2028\u2029]+/g;
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;
const EXCLUDED = /[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** Milliseconds to wait for the parser, which the server sends when it is needed first. */
const PARSER_WITHIN = 3_000;

/**
 * Reads the front matter of a text with line feeds as line ends. The parser is loaded where there is any; without
 * the server it can't be, and there are no fields then.
 */
export async function frontMatterOf(content: string): Promise<FrontMatter> {
  const extent = extentOf(content);
  if (!extent) {
    return { fields: {}, error: null, bodyStart: 0 };
  }
  const { block, bodyStart } = extent;
  const read = block.trim() ? await readBlock(block) : { fields: {}, error: null };
  return { ...read, bodyStart };
}

/** Where front matter stands in a text. */
export interface Extent {
  /** The YAML between the two lines. */
  readonly block: string;
  /** Where it begins, in UTF-16 units. */
  readonly blockStart: number;
  /** The offset after the second line, in code points. */
  readonly bodyStart: number;
}

/** Where the front matter of a text stands; `null` if it has none. */
export function extentOf(content: string): Extent | null {
  const lines = linesOf(content);
  if (!lines) {
    return null;
  }
  const bodyStart = codePointLength(content.slice(0, lines.bodyFrom));
  const block = content.slice(lines.from, lines.to);
  return { block, blockStart: lines.from, bodyStart };
}

/** The offset of the text after the front matter, in UTF-16 units; 0 where there is none. Reads no YAML. */
export function bodyFrom(content: string): number {
  return linesOf(content)?.bodyFrom ?? 0;
}

/** How many UTF-16 units of a text have to be looked at for its front matter. */
export const HEAD_UNITS = 2 * HEAD + 2;

/** Where the lines of YAML begin and end, and the text after them; in UTF-16 units. */
function linesOf(content: string): { from: number; to: number; bodyFrom: number } | null {
  const from = OPENING.exec(content)?.[0].length ?? 0;
  const closing = from > 0 ? CLOSING.exec(content.slice(from, HEAD_UNITS)) : null;
  if (!closing) {
    return null;
  }
  const to = from + closing.index;
  const end = to + closing[0].length;
  const isNear = end <= HEAD || codePointLength(content.slice(0, end)) <= HEAD;
  return isNear ? { from, to, bodyFrom: Math.min(end + 1, content.length) } : null;
}

class Broken extends Error {
  constructor(
    reason: string,
    /** An offset in the block. */
    readonly offset: number
  ) {
    super(reason);
  }
}

async function readBlock(block: string): Promise<Omit<FrontMatter, 'bodyStart'>> {
  const excluded = block.search(EXCLUDED);
  const prepared = block.replace(SPACES, ' ').replace(BLANK_LINE, '');
  try {
    if (excluded >= 0) {
      throw new Broken('it contains a character that YAML excludes', block.length);
    }
    const yaml = await loadParser();
    return { fields: yaml ? readFields(yaml, prepared) : {}, error: null };
  } catch (error) {
    if (!(error instanceof Broken)) {
      throw error;
    }
    const before = excluded >= 0 ? block.slice(0, excluded) : prepared.slice(0, error.offset);
    return { fields: {}, error: { reason: error.message, line: before.split('\n').length + 1 } };
  }
}

/** `null` where the server is away, or slow. */
export async function loadParser(): Promise<Yaml | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>(resolve => {
    timer = setTimeout(resolve, PARSER_WITHIN, null);
  });
  try {
    return await Promise.race([import('yaml'), late]);
  } catch (error) {
    console.warn('The parser of front matter could not be loaded.', error);
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Throws {@link Broken}. */
function readFields(yaml: Yaml, block: string): FrontMatter['fields'] {
  const begun = '---\n';
  requireFew(yaml, block);
  const documents = yaml.parseAllDocuments(begun + block, {
    schema: 'failsafe',
    uniqueKeys: false,
    logLevel: 'silent'
  });
  const [first, second] = 'empty' in documents ? [] : documents;
  const error = first?.errors[0] ?? second?.errors[0];
  if (error) {
    // The library's sentence ends with a place of its own: the line in what was parsed.
    const [sentence = ''] = error.message.split('\n');
    const reason = sentence.replace(/ at line \d+, column \d+:?$/, '');
    throw new Broken(reason, error.pos[0] - begun.length);
  }
  if (second) {
    throw new Broken('a second document begins here', (second.range?.[0] ?? 0) - begun.length);
  }
  return first ? new Reading(yaml, begun.length).fields(first) : {};
}

/** Tokens of which each belongs to a node of its own, by what they begin. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  scalar: 'value',
  'flow-seq-start': 'value',
  'flow-map-start': 'value',
  alias: 'value',
  'seq-item-ind': 'item',
  'explicit-key-ind': 'key',
  anchor: 'anchor',
  tag: 'tag'
};

/** Stops before the parser is called, whose time grows faster than the number of nodes. */
function requireFew({ CST, Lexer }: Yaml, block: string): void {
  const counts = new Map<string, number>();
  let length = 0;
  for (const token of new Lexer().lex(block)) {
    const begun = BEGINNINGS[CST.tokenType(token) ?? ''];
    const count = begun ? (counts.get(begun) ?? 0) + 1 : 0;
    if (begun && count > NODES) {
      throw new Broken(TOO_MANY, length);
    }
    if (begun) {
      counts.set(begun, count);
    }
    length += token === CST.SCALAR ? 0 : token.length;
  }
}

/** Reads the nodes in the order of the text. */
class Reading {
  /** The text of the node with each anchor; `null` for a node that gives no field. */
  private readonly scalars = new Map<string, string | null>();
  private readonly found: Partial<Record<FieldName, string>> = {};
  private nodes = 0;

  constructor(
    private readonly yaml: Yaml,
    private readonly start: number
  ) {}

  fields({ contents }: Document): FrontMatter['fields'] {
    const text = this.textOf(contents);
    const isNothing = contents === null || (this.yaml.isScalar(contents) && text === null);
    this.require(isNothing || this.yaml.isMap(contents), 'it is not a mapping', contents);
    this.enter(contents, 1);
    return this.found;
  }

  private enter(node: unknown, depth: number): void {
    const { isMap, isSeq, isPair } = this.yaml;
    if (!isMap(node) && !isSeq(node)) {
      return;
    }
    this.require(depth <= DEPTH, `it is nested deeper than ${DEPTH} levels`, node);
    const keys = new Set<string>();
    for (const item of node.items as unknown[]) {
      if (isPair(item)) {
        this.readPair(item, keys, depth, isMap(node));
      } else {
        this.textOf(item);
        this.enter(item, depth + 1);
      }
    }
  }

  private readPair({ key, value }: Pair, keys: Set<string>, depth: number, isField: boolean): void {
    this.textOf(key);
    const name = this.yaml.isScalar(key) ? scalarText(key) : null;
    if (name !== null) {
      this.require(!keys.has(name), `“${name.slice(0, 40)}” occurs twice`, key);
      keys.add(name);
    }
    this.enter(key, depth + 1);
    const text = this.textOf(value);
    const line = text === null ? '' : oneLine(text);
    if (depth === 1 && isField && isFieldName(name) && line) {
      this.found[name] = line;
    }
    this.enter(value, depth + 1);
  }

  /** The text of a scalar, or of the scalar that an alias names; `null` for null, lists and mappings. */
  private textOf(node: unknown): string | null {
    const { isAlias, isNode, isScalar } = this.yaml;
    this.nodes += 1;
    this.require(this.nodes <= NODES, TOO_MANY, node);
    if (isAlias(node)) {
      const known = this.scalars.get(node.source);
      this.require(known !== undefined, `nothing is called ${node.source} before`, node);
      return known ?? null;
    }
    let text: string | null = null;
    if (isScalar(node)) {
      text = scalarText(node);
      const isPlain = (node.type ?? 'PLAIN') === 'PLAIN' && !node.tag;
      text = isPlain && NULLS.includes(text) ? null : text;
    }
    if (isNode(node) && 'anchor' in node && node.anchor) {
      this.scalars.set(node.anchor, text);
    }
    return text;
  }

  private require(holds: boolean, reason: string, node: unknown): void {
    if (!holds) {
      const { range } = node as Node;
      throw new Broken(reason, (range?.[0] ?? this.start) - this.start);
    }
  }
}

/** The text as written, also where a tag such as `!!int` changed the value. */
function scalarText({ source, value }: { source?: string; value: unknown }): string {
  return source ?? (typeof value === 'string' ? value : '');
}

function isFieldName(name: string | null): name is FieldName {
  return NAMES.includes(name as FieldName);
}

/** A text as one line in NFC, without control characters and those that change the writing direction. */
export function oneLine(text: string): string {
  const line = text
    .replace(DIRECTIONS, '')
    .replace(GAP, ' ')
    .replace(/^ +| +$/g, '');
  return [...line.normalize('NFC')].slice(0, LONGEST).join('');
}
