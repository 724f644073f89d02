import { type Extension, type Range, StateEffect } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  type PluginValue,
  ViewPlugin,
  type ViewUpdate,
  WidgetType
} from '@codemirror/view';

import { attachedTo } from './collaboration';
import { connectionOf } from './connectionFacet';
import { dispatchInPlace } from './scroll';

/** What a suggestion would do at one place: `from` up to `to` goes, and `insert` comes. */
export interface SuggestedChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** A passage that somebody wrote about, in positions of the editor. */
export interface ThreadMark {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly kind: 'comment' | 'suggestion';
  /** Of a suggestion, from left to right. */
  readonly changes: readonly SuggestedChange[];
  readonly isSelected: boolean;
  /** Whether the user is still writing it. */
  readonly isDraft: boolean;
  /** Who, and what, for the pointer. */
  readonly title: string;
}

/** Tells which passages touch a part of the text, from left to right; `null` while that is not known. */
export type ThreadMarkSource = (from: number, to: number) => readonly ThreadMark[] | null;

/** How many passages are marked in view at most. */
const MOST = 300;

/** By editor, and not in its state, which JupyterLab may make anew. */
const sources = new WeakMap<EditorView, ThreadMarkSource>();
const redraw = StateEffect.define<null>();

/** Marks the passages in an editor that has {@link threadMarks}; returns a function that ends that. */
export function setThreadMarks(view: EditorView, source: ThreadMarkSource): () => void {
  sources.set(view, source);
  refreshThreadMarks(view);
  return () => {
    sources.delete(view);
    refreshThreadMarks(view);
  };
}

/** The source tells something else now. It is shown with the next frame. */
export function refreshThreadMarks(view: EditorView): void {
  view.plugin(marks)?.redrawSoon();
}

/**
 * Marks what is in view. Typing moves the marks at once; before the next frame they are those of the new text.
 *
 * Laws (`threadMarks.test.ts`): whenever the editor shows all of the connection's text, its marks are those of the
 * source; the text that is copied, found and selected has nothing of a suggestion.
 */
class ThreadMarks implements PluginValue {
  decorations: DecorationSet = Decoration.none;
  private frame: number | null = null;

  constructor(private readonly view: EditorView) {
    this.decorations = this.made() ?? Decoration.none;
  }

  update({ docChanged, changes, transactions, viewportChanged }: ViewUpdate): void {
    if (docChanged) {
      // The connection's text has this change only after the update.
      this.decorations = this.decorations.map(changes);
      this.redrawSoon();
      return;
    }
    const isAsked = transactions.some(({ effects }) => effects.some(effect => effect.is(redraw)));
    if (isAsked || viewportChanged) {
      this.decorations = this.made() ?? this.decorations;
    }
  }

  destroy(): void {
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
    }
  }

  redrawSoon(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      dispatchInPlace(this.view, { effects: redraw.of(null) });
    });
  }

  /** `null` while the editor lacks edits of the connection's text, or nothing is known of that. */
  private made(): DecorationSet | null {
    const { view } = this;
    const source = sources.get(view);
    const { doc } = view.state;
    if (!source) {
      return Decoration.none;
    }
    const isBehind = attachedTo(view)?.isBehind ?? false;
    if (isBehind || connectionOf(view.state)?.document.utf16Length !== doc.length) {
      return null;
    }
    const found = new Map<string, ThreadMark>();
    for (const { from, to } of view.visibleRanges) {
      const near = source(from, to);
      if (!near) {
        return null;
      }
      near.slice(0, MOST).forEach(mark => found.set(mark.id, mark));
    }
    const inText = [...found.values()].filter(({ to }) => to <= doc.length);
    return Decoration.set(inText.flatMap(rangesOf), true);
  }
}

function rangesOf(mark: ThreadMark): Range<Decoration>[] {
  const { from, to, changes } = mark;
  const ranges: Range<Decoration>[] = [];
  if (from < to) {
    ranges.push(Decoration.mark(looks(mark)).range(from, to));
  }
  for (const change of mark.kind === 'suggestion' ? changes : []) {
    if (change.from < change.to) {
      ranges.push(deleted.range(change.from, change.to));
    }
    if (change.insert) {
      // Before the caret that stands there, which is where the next letter of one's own suggestion comes.
      const side = mark.isDraft ? -1 : 1;
      const widget = new SuggestedText(change, mark);
      ranges.push(Decoration.widget({ widget, side }).range(change.to));
    }
  }
  return ranges;
}

function looks({ id, kind, isSelected, isDraft, title }: ThreadMark) {
  const also = `${isSelected ? ' cm-mod-selected' : ''}${isDraft ? ' cm-mod-draft' : ''}`;
  return {
    class: `cm-thread cm-mod-${kind}${also}`,
    attributes: { 'data-thread': id, title }
  };
}

const deleted = Decoration.mark({ class: 'cm-threadDeleted' });

/** More is not shown in the text: the card has all of it. */
const MOST_LETTERS = 2_000;

/**
 * What a suggestion would insert. Its letters are generated by the style, from an attribute: so they are in no text of
 * the page that can be selected, copied or found. Screen readers read the cards.
 */
class SuggestedText extends WidgetType {
  private readonly look: string;
  private readonly text: string;

  constructor(
    { from, to, insert }: SuggestedChange,
    private readonly mark: ThreadMark
  ) {
    super();
    this.text = insert.length > MOST_LETTERS ? `${insert.slice(0, MOST_LETTERS)}…` : insert;
    this.look = [
      'cm-threadInserted',
      from < to ? 'cm-mod-instead' : '',
      mark.isSelected ? 'cm-mod-selected' : '',
      mark.isDraft ? 'cm-mod-draft' : ''
    ]
      .filter(Boolean)
      .join(' ');
  }

  override eq(other: SuggestedText): boolean {
    return (
      this.text === other.text &&
      this.look === other.look &&
      this.mark.id === other.mark.id &&
      this.mark.title === other.mark.title
    );
  }

  override get lineBreaks(): number {
    return this.text.split('\n').length - 1;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('span');
    this.fill(element);
    return element;
  }

  override updateDOM(element: HTMLElement): boolean {
    this.fill(element);
    return true;
  }

  override ignoreEvent(): boolean {
    return false;
  }

  private fill(element: HTMLElement): void {
    element.className = this.look;
    element.title = this.mark.title;
    element.dataset.thread = this.mark.id;
    element.dataset.letters = this.text;
    element.setAttribute('aria-hidden', 'true');
  }
}

const marks = ViewPlugin.fromClass(ThreadMarks, { decorations: value => value.decorations });

/** The colours are variables of the page's style; the lines tell the same without colours. */
const theme = EditorView.baseTheme({
  '.cm-thread': {
    textDecorationLine: 'underline',
    textDecorationThickness: '2px',
    textDecorationSkipInk: 'none',
    textUnderlineOffset: '3px',
    textDecorationColor: 'var(--jp-SpecThread-line)',
    backgroundColor: 'var(--jp-SpecThread-tint)'
  },
  '.cm-thread.cm-mod-selected': {
    textDecorationThickness: '3px',
    backgroundColor: 'var(--jp-SpecThread-selected)'
  },
  '.cm-thread.cm-mod-suggestion': {
    textDecorationLine: 'none',
    backgroundColor: 'transparent'
  },
  '.cm-thread.cm-mod-suggestion.cm-mod-selected': {
    backgroundColor: 'var(--jp-SpecThread-suggestionSelected)'
  },
  '.cm-threadDeleted, .cm-threadDeleted span': {
    textDecoration: 'line-through',
    textDecorationColor: 'var(--jp-SpecThread-deleted)',
    opacity: '0.7'
  },
  '.cm-threadInserted': {
    color: 'var(--jp-SpecThread-inserted)',
    whiteSpace: 'pre-wrap',
    textDecoration: 'underline',
    textDecorationColor: 'var(--jp-SpecThread-inserted)',
    cursor: 'pointer'
  },
  // A gap behind the words that go, which is no letter of the text.
  '.cm-threadInserted.cm-mod-instead': {
    marginInlineStart: '4px'
  },
  '.cm-threadInserted::before': {
    content: 'attr(data-letters)'
  },
  '.cm-threadInserted.cm-mod-selected, .cm-threadInserted.cm-mod-draft': {
    backgroundColor: 'var(--jp-SpecThread-suggestionSelected)'
  }
});

/** Among the extensions of an editor that {@link setThreadMarks} is called for. */
export const threadMarks: Extension = [marks, theme];
