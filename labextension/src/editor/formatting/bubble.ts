import {
  EditorState,
  type Extension,
  StateEffect,
  StateField,
  type Transaction
} from '@codemirror/state';
import {
  type EditorView,
  keymap,
  showTooltip,
  type TooltipView,
  ViewPlugin
} from '@codemirror/view';

/** A button of the bubble. */
export interface BubbleAction {
  /** What a screen reader says, and the tooltip with the keys. */
  readonly label: string;
  /** What the button shows: a letter, or the path of a picture of 16 by 16. */
  readonly sign: string | { readonly path: string };
  /** A class for the style of the sign. */
  readonly className?: string;
  /** Whether the focus goes elsewhere. */
  readonly isLeaving?: boolean;
  run(view: EditorView): boolean;
}

/** Actions of one editor before all others, which don't change its text by themselves. */
export interface MoreActions {
  readonly actions: readonly BubbleAction[];
  /** Whether they are possible now. */
  isPossible(): boolean;
}

export interface BubbleOptions {
  /** The name of the toolbar for screen readers. */
  readonly label: string;
  readonly actions: readonly BubbleAction[];
}

const setShown = StateEffect.define<boolean>();

/** The toolbar that each editor has shown last; JupyterLab puts tooltips outside of the editor. */
const toolbars = new WeakMap<EditorView, HTMLElement>();

/** By editor, and not in its state, which JupyterLab may make anew. */
const more = new WeakMap<EditorView, MoreActions>();

/** Adds actions to the bubble of an editor, also where its text can't be edited. */
export function setBubbleActions(view: EditorView, actions: MoreActions): void {
  more.set(view, actions);
}

function moreActions(view: EditorView): readonly BubbleAction[] {
  const known = more.get(view);
  return known?.isPossible() ? known.actions : [];
}

function hasActions(view: EditorView): boolean {
  return !view.state.readOnly || moreActions(view).length > 0;
}

/**
 * A small toolbar beside a selection. It comes when the mouse button or the keys that selected are released, and goes
 * when one types. Alt+F10 puts the focus into it, arrows go on, Esc returns to the text.
 */
export function formattingBubble(options: BubbleOptions): Extension {
  // Another function makes another toolbar: where the text can't be edited any more it has other buttons.
  const forWriters = (view: EditorView) => toolbarOf(view, options);
  const forReaders = (view: EditorView) => toolbarOf(view, { ...options, actions: [] });
  const shown = StateField.define<boolean>({
    create: () => false,
    update: (value, transaction) => {
      const effect = transaction.effects.find(each => each.is(setShown));
      if (effect) {
        return effect.value;
      }
      const { main } = transaction.newSelection;
      return value && !main.empty && !isTyped(transaction);
    },
    provide: field =>
      showTooltip.compute([field, 'selection', EditorState.readOnly], state => {
        const { main } = state.selection;
        const create = state.readOnly ? forReaders : forWriters;
        return state.field(field) && !main.empty ? { ...placeOf(state), create } : null;
      })
  });
  return [
    shown,
    ViewPlugin.define(view => watch(view, () => view.state.field(shown))),
    keymap.of([{ key: 'Alt-F10', run: view => focusBubble(view) }])
  ];
}

/** Where it is near the end that one has just moved, and covers nothing that is selected. */
function placeOf({ doc, selection: { main } }: EditorState): { pos: number; above: boolean } {
  const isOneLine = main.to <= doc.lineAt(main.from).to;
  return isOneLine
    ? { pos: main.from, above: true }
    : { pos: main.head, above: main.head === main.from };
}

function isTyped(transaction: Transaction): boolean {
  return transaction.docChanged && transaction.isUserEvent('input.type');
}

/** Shows the bubble when a selection is finished. */
function watch(view: EditorView, isShown: () => boolean): { destroy(): void } {
  const stop = new AbortController();
  const { signal } = stop;
  const set = (value: boolean) => {
    if (value !== isShown()) {
      view.dispatch({ effects: setShown.of(value) });
    }
  };
  // The selection of a click is known after the event.
  const settle = () =>
    setTimeout(() => {
      if (!signal.aborted && view.hasFocus) {
        set(!view.state.selection.main.empty && hasActions(view));
      }
    });
  view.contentDOM.addEventListener(
    'mousedown',
    () => {
      set(false);
      document.addEventListener('mouseup', settle, { once: true, signal });
    },
    { signal }
  );
  view.contentDOM.addEventListener(
    'keyup',
    ({ key, shiftKey }) => {
      if (key === 'Shift' || (shiftKey && /^(Arrow|Home|End|Page)/.test(key))) {
        settle();
      } else if (key === 'Escape') {
        set(false);
      }
    },
    { signal }
  );
  return { destroy: () => stop.abort() };
}

function toolbarOf(view: EditorView, { label, actions }: BubbleOptions): TooltipView {
  const dom = document.createElement('div');
  dom.className = 'jp-SpecBubble';
  dom.setAttribute('role', 'toolbar');
  dom.setAttribute('aria-label', label);
  const all = [...moreActions(view), ...actions];
  dom.append(...all.map((action, index) => buttonOf(view, action, index)));
  dom.hidden = all.length === 0;
  dom.addEventListener('keydown', event => moveFocus(view, dom, event));
  toolbars.set(view, dom);
  return { dom, offset: { x: 0, y: 6 } };
}

function buttonOf(view: EditorView, action: BubbleAction, index: number): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = `jp-SpecBubble-button ${action.className ?? ''}`;
  button.append(typeof action.sign === 'string' ? action.sign : pictureOf(action.sign.path));
  button.title = action.label;
  button.setAttribute('aria-label', action.label);
  button.tabIndex = index === 0 ? 0 : -1;
  // The text keeps the focus and the selection.
  button.addEventListener('mousedown', event => event.preventDefault());
  button.addEventListener('click', () => {
    action.run(view);
    if (!action.isLeaving) {
      view.focus();
    }
  });
  return button;
}

function pictureOf(path: string): SVGElement {
  const make = (name: string, attributes: Readonly<Record<string, string>>) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name) as SVGElement;
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };
  const picture = make('svg', { viewBox: '0 0 16 16', width: '16', height: '16' });
  picture.append(make('path', { d: path, 'fill-rule': 'evenodd', fill: 'currentColor' }));
  return picture;
}

function focusBubble(view: EditorView): boolean {
  const { main } = view.state.selection;
  if (main.empty || !hasActions(view)) {
    return false;
  }
  view.dispatch({ effects: setShown.of(true) });
  view.requestMeasure({
    read: () => toolbars.get(view)?.querySelector('button'),
    write: button => button?.focus()
  });
  return true;
}

function moveFocus(view: EditorView, dom: HTMLElement, event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.key === 'Escape') {
    view.focus();
  } else if (step) {
    const buttons = [...dom.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length].focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}
