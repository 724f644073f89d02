import { EditorSelection, type Extension, Prec, type SelectionRange } from '@codemirror/state';
import { type EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';

import { mayComment, mayEdit } from '../protocol';
import { catchUp } from './collaboration';
import { type Composed, composedText, isComposing, setComposed } from './composedText';
import { connectionOf } from './connectionFacet';

/** What a user who may only comment types into the text; each returns whether it was taken. */
export interface Typed {
  /** Letters, or a pasted text. */
  insert(text: string): boolean;
  /** The letter or word before the caret goes, or the one behind it. */
  remove(side: 'before' | 'after', isWord: boolean): boolean;
  /** The Enter key. */
  enter(): boolean;
  /** The Escape key. */
  escape(): boolean;
  /**
   * An input method begins to write at the caret. What is selected goes, as with a letter. Returns whether it may; what
   * it wrote then comes as {@link insert}, when it is done.
   */
  compose(): boolean;
}

/** By editor, and not in its state, which JupyterLab may make anew. */
const takers = new WeakMap<EditorView, Typed>();

/** Passes on what somebody types who may not edit but comment; returns a function that ends that. */
export function takeTyped(view: EditorView, typed: Typed): () => void {
  takers.set(view, typed);
  return () => takers.delete(view);
}

/** Whether what the user of an editor types is a suggestion. */
export function isSuggesting(view: EditorView): boolean {
  const role = connectionOf(view.state)?.state.role ?? null;
  return mayComment(role) && !mayEdit(role) && takers.has(view);
}

/** The other end of what a press of Backspace or Delete removes at a position. */
export function besides(
  view: EditorView,
  position: number,
  side: 'before' | 'after',
  isWord: boolean
): number {
  const forward = side === 'after';
  const caret = EditorSelection.cursor(position);
  return (isWord ? view.moveByGroup(caret, forward) : view.moveByChar(caret, forward)).head;
}

/** What an input event does, as its type names it; `null` for what is no writing. */
function deedOf(type: string, text: string | null): ((typed: Typed) => boolean) | null {
  if (type.startsWith('delete')) {
    const side = type.endsWith('Forward') ? 'after' : 'before';
    return typed => typed.remove(side, !type.startsWith('deleteContent'));
  }
  if (type === 'insertParagraph') {
    return typed => typed.enter() || typed.insert('\n');
  }
  if (type === 'insertLineBreak') {
    return typed => typed.insert('\n');
  }
  return text ? typed => typed.insert(text) : null;
}

/**
 * Milliseconds after which an input method is done. Its last change of the page comes some time after it said that it
 * ended, and in some languages it begins again at once, with the next syllable.
 */
const DONE = 40;

/**
 * The text is read-only and yet takes the caret and keys of a commenter: what is typed goes to {@link takeTyped}, and
 * the document stays as it is.
 *
 * Law (`suggesting.test.ts`): what an input method writes stays in the page as it wrote it until it is done, and is then
 * typed once.
 */
class Keys implements PluginValue {
  private ending: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly view: EditorView) {}

  destroy(): void {
    clearTimeout(this.ending);
  }

  beforeInput(event: InputEvent): boolean {
    const isComposed = event.isComposing || event.inputType.includes('Composition');
    if (isComposed || !isSuggesting(this.view)) {
      return false;
    }
    const deed = deedOf(event.inputType, event.data);
    this.take(event, typed => deed?.(typed) ?? false);
    event.preventDefault(); // also what is no writing, such as a change of format
    return true;
  }

  paste(event: ClipboardEvent): boolean {
    const text = event.clipboardData?.getData('text/plain').replace(/\r\n?/g, '\n') ?? '';
    return this.take(event, typed => text !== '' && typed.insert(text));
  }

  keyDown(event: KeyboardEvent): boolean {
    if (event.isComposing || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) {
      return false;
    }
    switch (event.key) {
      case 'Enter':
        return this.take(event, typed => typed.enter());
      case 'Escape':
        return this.take(event, typed => typed.escape());
      default:
        return false;
    }
  }

  compositionStart(): void {
    clearTimeout(this.ending);
    const { view } = this;
    const typed = isSuggesting(view) && !isComposing(view.state) ? takers.get(view) : undefined;
    if (typed) {
      catchUp(view);
      if (typed.compose()) {
        const { head } = view.state.selection.main;
        view.dispatch({ effects: setComposed.of({ from: head, to: head }) });
      }
    }
  }

  /** Browsers do not always say that an input method ended because the caret was put elsewhere. */
  update({ selectionSet, state }: ViewUpdate): void {
    const range = state.field(composedText);
    if (range && selectionSet && isOutside(range, state.selection.main)) {
      this.compositionEnd();
    }
  }

  compositionEnd(): void {
    clearTimeout(this.ending);
    this.ending = setTimeout(() => this.finish(), DONE);
  }

  /** What the input method wrote is typed now, at its place; a caret that has gone elsewhere stays there. */
  private finish(): void {
    clearTimeout(this.ending);
    const { view } = this;
    const { doc, selection } = view.state;
    const range = view.state.field(composedText);
    if (!range) {
      return;
    }
    const { from, to } = range;
    const isAway = isOutside(range, selection.main);
    const changes = view.state.changes({ from, to });
    view.dispatch({ changes, selection: { anchor: from }, effects: setComposed.of(null) });
    if (from < to) {
      takers.get(view)?.insert(doc.sliceString(from, to));
    }
    if (isAway) {
      view.dispatch({ selection: selection.map(changes) });
    }
  }

  private take(event: Event, deed: (typed: Typed) => boolean): boolean {
    const { view } = this;
    const typed = isSuggesting(view) ? takers.get(view) : undefined;
    if (!typed) {
      return false;
    }
    this.finish();
    catchUp(view);
    const isTaken = deed(typed);
    if (isTaken) {
      event.preventDefault();
    }
    return isTaken;
  }
}

function isOutside(range: Composed, { from, to }: SelectionRange): boolean {
  return from < range.from || to > range.to;
}

/** Among the extensions of an editor that {@link takeTyped} is called for. */
export const typedSuggestions: Extension = Prec.highest([
  composedText,
  ViewPlugin.fromClass(Keys, {
    eventHandlers: {
      beforeinput(event) {
        return this.beforeInput(event);
      },
      paste(event) {
        return this.paste(event);
      },
      keydown(event) {
        return this.keyDown(event);
      },
      compositionstart() {
        this.compositionStart();
      },
      compositionend() {
        this.compositionEnd();
      }
    }
  })
]);
