import type { ChangeDesc, Text as EditorText } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

import { onParsedText, parsedText } from '../editor/textParser';
import { onUpdate } from '../editor/updates';
import type { ParsedText } from '../markdown/parsedText';
import { parsed } from '../markdown/textParsing';
import { browserEnvironment, inSlices } from '../runtime';
import { finish } from '../text';
import { BlockReader } from './blockReader';
import type { Blocks } from './blocks';

/** The length of the part of a long text that is read at once. */
const BEGINNING = 16_000;
/** How many changes of the editor are kept until the text with them is parsed. */
const MOST = 2_000;
/** How many times as long as the last reading took it rests before the next one. */
const REST = 4;
/** Milliseconds that it rests at most: on a busy machine reading takes long, too. */
const LONGEST_REST = 2_000;

interface Step {
  readonly before: EditorText;
  readonly changes: ChangeDesc;
}

/**
 * The blocks of an editor's text as it was parsed last, and where their positions are in the text that it has now.
 *
 * Law (`parsedSource.test.ts`): the positions of a block hold its text in the editor, whatever was edited elsewhere.
 */
export class ParsedSource {
  private readonly reader = new BlockReader();
  private readonly stops: readonly (() => void)[];
  private steps: Step[] = [];
  private cancel: (() => void) | null = null;
  private isStale = false;
  private isDisposed = false;

  /**
   * `read` gets the blocks each time they were read, and the parse that they are from; at first it may get those of the
   * beginning alone, without a parse.
   */
  constructor(
    private readonly view: EditorView,
    private readonly read: (blocks: Blocks, whole: ParsedText | null) => void
  ) {
    this.stops = [
      onUpdate(view, ({ docChanged, startState, changes }) => {
        if (docChanged) {
          this.steps.push({ before: startState.doc, changes: changes.desc });
          this.steps.splice(0, this.steps.length - MOST);
        }
      }),
      onParsedText(view, () => this.parsed())
    ];
    this.parsed();
    // Whoever made it may not be ready for it yet.
    queueMicrotask(() => this.readBeginning());
  }

  dispose(): void {
    this.isDisposed = true;
    this.stops.forEach(stop => stop());
    this.cancel?.();
  }

  /** Whether the blocks are those of the text that the editor has now. */
  get isCurrent(): boolean {
    return this.steps.length === 0;
  }

  /** Where a position of the blocks is in the editor. */
  toEditor(position: number, side: -1 | 1 = 1): number {
    const mapped = this.steps.reduce(
      (at, { changes }) => changes.mapPos(clamped(at, changes), side),
      position
    );
    return Math.min(mapped, this.view.state.doc.length);
  }

  /** The reverse of {@link toEditor}. */
  toBlocks(position: number): number {
    return this.steps.reduceRight((at, { changes }) => {
      const back = changes.invertedDesc;
      return back.mapPos(clamped(at, back));
    }, position);
  }

  /** The beginning of a long text is there before all of it is parsed, if that is what the editor shows. */
  private readBeginning(): void {
    const { doc } = this.view.state;
    if (
      this.isDisposed ||
      doc.length < 2 * BEGINNING ||
      parsedText(this.view) ||
      this.view.viewport.to > BEGINNING
    ) {
      return;
    }
    const to = doc.sliceString(0, BEGINNING).lastIndexOf('\n\n');
    if (to > 0) {
      this.read(finish(new BlockReader().read(parsed(doc.slice(0, to)))), null);
    }
  }

  private parsed(): void {
    const whole = parsedText(this.view);
    if (this.cancel) {
      this.isStale = true;
    } else if (whole) {
      this.isStale = false;
      const began = performance.now();
      this.cancel = inSlices(browserEnvironment, this.reader.read(whole), blocks =>
        this.finish(blocks, whole, performance.now() - began)
      );
    }
  }

  private finish(blocks: Blocks, whole: ParsedText, duration: number): void {
    const first = this.steps.findIndex(({ before }) => before === whole.doc);
    this.steps = first < 0 ? [] : this.steps.slice(first);
    this.cancel = browserEnvironment.after(Math.min(REST * duration, LONGEST_REST), () => {
      this.cancel = null;
      if (this.isStale) {
        this.parsed();
      }
    });
    this.read(blocks, whole);
  }
}

function clamped(position: number, { length }: ChangeDesc): number {
  return Math.min(position, length);
}
