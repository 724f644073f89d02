import { yamlFrontmatter } from '@codemirror/lang-yaml';
import { Language, language, LanguageSupport } from '@codemirror/language';
import {
  type ChangeDesc,
  type EditorState,
  Prec,
  StateEffect,
  StateField,
  type Transaction
} from '@codemirror/state';
import { type EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';

import { browserEnvironment, inSlices } from '../runtime';
import { ContentParser } from './codeParser';
import { fenceOf, isInCode, isOutgrown, type Part, partAround, WHOLE } from './part';
import { PartParser } from './partParser';

/** Milliseconds after a change above the part that may begin or end a block of code, until that is looked at. */
const FENCE_DELAY = 300;
/** Milliseconds until code is parsed that was not parsed at once. */
const CODE_DELAY = 500;

/** The part that is parsed, and the language object that parses it. */
interface Parsed {
  readonly part: Part;
  readonly language: Language;
}

/**
 * Markdown with front matter, of which only what is near the view is parsed.
 *
 * CodeMirror's parser begins at the text's beginning after each change, and takes every unchanged block by itself. In
 * a long text in which several people write it never comes to an end. Here the effort depends on what is near the view
 * alone ([record](../../../docs/adr/0015-remote-edits-by-frame.md)). Where the view goes elsewhere, another part is
 * parsed from nothing, by a language object of its own; CodeMirror discards its parse state when that changes.
 */
export function partLanguage(markdown: LanguageSupport): LanguageSupport {
  const { data, name } = markdown.language;
  const contentParser = new ContentParser(markdown.language.parser, browserEnvironment);
  const content = new Language(data, contentParser, [], name);
  const whole = yamlFrontmatter({ content: new LanguageSupport(content, markdown.support) });
  const partIn = (state: EditorState) => state.field(parsed).part;
  const parser = new PartParser({ whole: whole.language.parser, content: contentParser }, partIn);
  const parsedBy = (part: Part): Parsed => ({
    part,
    language: new Language(whole.language.data, parser, [], 'markdown')
  });
  const setPart = StateEffect.define<Part>();
  const parsed: StateField<Parsed> = StateField.define<Parsed>({
    create: ({ doc }) => parsedBy(partAround(doc, 0)),
    update: (value, { changes, effects, docChanged, newDoc }) => {
      const set = effects.find(effect => effect.is(setPart));
      if (set) {
        return parsedBy(set.value);
      }
      if (!docChanged) {
        return value;
      }
      const part = mapped(value.part, changes);
      const isFilled = part.to - part.from > 2 * WHOLE;
      return isFilled ? parsedBy(partAround(newDoc, part.from)) : { ...value, part };
    },
    provide: field => Prec.high(language.computeN([field], state => [state.field(field).language]))
  });
  const following = ViewPlugin.define(
    view =>
      new Following(view, contentParser, partIn, part =>
        view.dispatch({ effects: setPart.of(part) })
      )
  );
  return new LanguageSupport(whole.language, [parsed, following, whole.support]);
}

function mapped({ from, to }: Part, changes: ChangeDesc): Part {
  return { from: changes.mapPos(from, -1), to: changes.mapPos(to, 1) };
}

/** Has another part parsed when the view has gone elsewhere. */
class Following implements PluginValue {
  private isScheduled = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isDestroyed = false;
  private cancel: (() => void) | null = null;

  constructor(
    private readonly view: EditorView,
    private readonly content: ContentParser,
    private readonly partIn: (state: EditorState) => Part,
    private readonly parse: (part: Part) => void
  ) {}

  update(update: ViewUpdate): void {
    const { view, partIn } = this;
    if (!this.isScheduled && isOutgrown(partIn(view.state), view.state.doc, view.viewport)) {
      this.isScheduled = true;
      // An update must not cause another one while it is being made.
      queueMicrotask(() => this.parseAnew());
    }
    if (this.timer === null && update.transactions.some(each => this.movesFence(each))) {
      this.timer = setTimeout(() => {
        this.timer = null;
        this.fenceMoved();
      }, FENCE_DELAY);
    }
    if (this.content.isWaiting) {
      this.cancel ??= browserEnvironment.after(CODE_DELAY, () => this.finishCode());
    }
  }

  destroy(): void {
    this.isDestroyed = true;
    this.cancel?.();
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
  }

  /** Parses the code that has no colours yet, and then the part, unless there is other code by then. */
  private finishCode(): void {
    this.cancel = inSlices(browserEnvironment, this.content.finishCode(), () => {
      this.cancel = null;
      if (this.content.isWaiting) {
        this.cancel = browserEnvironment.after(CODE_DELAY, () => this.finishCode());
      } else {
        this.parseAnew();
      }
    });
  }

  private fenceMoved(): void {
    if (!this.isDestroyed && isInCode(this.view.state.doc, this.partIn(this.view.state).from)) {
      this.parseAnew();
    }
  }

  private parseAnew(): void {
    this.isScheduled = false;
    if (!this.isDestroyed) {
      const { from, to } = this.view.viewport;
      this.parse(partAround(this.view.state.doc, from, to));
    }
  }

  /** Whether it changes a line above the part that begins or ends a block of code, or makes one. */
  private movesFence({ docChanged, changes, startState, newDoc }: Transaction): boolean {
    const above = docChanged ? this.partIn(startState).from : 0;
    let found = false;
    const touched = (doc: EditorState['doc'], from: number, to: number) => {
      const last = doc.lineAt(to).number;
      for (let { number } = doc.lineAt(from); number <= last && !found; number++) {
        found = fenceOf(doc.line(number).text) !== null;
      }
    };
    changes.iterChangedRanges((fromA, toA, fromB, toB) => {
      if (fromA < above && !found) {
        touched(startState.doc, fromA, Math.min(toA, above));
        touched(newDoc, fromB, toB);
      }
    });
    return found;
  }
}
