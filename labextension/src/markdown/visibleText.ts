import { type Element, type MarkdownParser, parser } from '@lezer/markdown';

import { entityText } from './entity';
import { inlineRules } from './inlineRules';
import type { LinkTargets } from './linkTarget';

/** A text as it is read: without marks of emphasis, links and code. */
export interface VisibleText {
  readonly text: string;
  /** Where code spans begin and end in it. */
  readonly code: readonly (readonly [from: number, to: number])[];
}

/** Of a longer text nothing is read behind this number of UTF-16 units. */
const LONGEST = 10_000;

/** What the parser has and its types leave out. */
interface Parsed extends Element {
  readonly children: readonly Parsed[];
}

/** Reads the text of headings, items and cells. `targets` are the definitions that links may name. */
export class TextReader {
  private readonly parser: MarkdownParser;

  constructor(readonly targets: LinkTargets) {
    this.parser = parser.configure({ parseInline: inlineRules(targets) });
  }

  /** `source` may have several lines. White space at the ends is no part of what is read. */
  read(source: string): VisibleText {
    const text = source.slice(0, LONGEST).replace(/\n[ \t]+/g, '\n');
    const reading = new Reading(text, this.parser);
    reading.read(this.parser.parseInline(text, 0) as Parsed[], 0, text.length);
    return reading.stripped();
  }
}

const WHITE = ' \t\n';

class Reading {
  private text = '';
  private readonly code: [number, number][] = [];

  constructor(
    private readonly source: string,
    private readonly parser: MarkdownParser
  ) {}

  /** Reads what is between `from` and `to`, in which `elements` have been found. */
  read(elements: readonly Parsed[], from: number, to: number): void {
    let done = from;
    for (const element of elements) {
      this.text += this.plain(done, element.from);
      this.readElement(element);
      done = element.to;
    }
    this.text += this.plain(done, to);
  }

  stripped(): VisibleText {
    const { text, code } = this;
    let [from, to] = [0, text.length];
    while (from < to && WHITE.includes(text[from])) {
      from++;
    }
    while (to > from && WHITE.includes(text[to - 1])) {
      to--;
    }
    return { text: text.slice(from, to), code: code.map(([a, b]) => [a - from, b - from]) };
  }

  private plain(from: number, to: number): string {
    return this.source.slice(from, to).replace(/ *\n/g, ' ');
  }

  private readElement(element: Parsed): void {
    const { from, to } = element;
    const source = this.source.slice(from, to);
    switch (this.parser.nodeSet.types[element.type].name) {
      case 'Escape':
        this.text += source.slice(1);
        break;
      case 'Entity':
        this.text += entityText(source) ?? source;
        break;
      case 'HardBreak':
        this.text += ' ';
        break;
      case 'URL':
        this.text += source;
        break;
      case 'InlineCode':
        this.readCode(source);
        break;
      case 'Autolink':
      case 'Emphasis':
      case 'StrongEmphasis':
      case 'Link':
        this.read(element.children, from, to);
        break;
      default: // Marks, images and tags.
    }
  }

  private readCode(source: string): void {
    const [marks] = /^`+/.exec(source) ?? [''];
    const inside = source.slice(marks.length, -marks.length).replace(/\n/g, ' ');
    const text = /^ .*[^ ].* $/s.test(inside) ? inside.slice(1, -1) : inside;
    this.code.push([this.text.length, this.text.length + text.length]);
    this.text += text;
  }
}
