import { EditorSelection, type Extension, Prec } from '@codemirror/state';
import { type EditorView, type PluginValue, ViewPlugin } from '@codemirror/view';

import { mayComment, mayEdit } from '../protocol';
import { catchUp } from './collaboration';
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
  /** An input method begins, which can't write into a text that stays as it is. */
  compose(): void;
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
 * The text is read-only and yet takes the caret and keys of a commenter: what is typed goes to {@link takeTyped}, and
 * the document stays as it is.
 */
class Keys implements PluginValue {
  constructor(private readonly view: EditorView) {}

  beforeInput(event: InputEvent): boolean {
    if (event.inputType === 'insertCompositionText' || !isSuggesting(this.view)) {
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
    if (isSuggesting(this.view)) {
      takers.get(this.view)?.compose();
    }
  }

  private take(event: Event, deed: (typed: Typed) => boolean): boolean {
    const { view } = this;
    const typed = isSuggesting(view) ? takers.get(view) : undefined;
    if (!typed) {
      return false;
    }
    catchUp(view);
    const isTaken = deed(typed);
    if (isTaken) {
      event.preventDefault();
    }
    return isTaken;
  }
}

/** Among the extensions of an editor that {@link takeTyped} is called for. */
export const typedSuggestions: Extension = Prec.highest(
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
      }
    }
  })
);
