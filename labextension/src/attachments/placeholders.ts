import { StateEffect, StateField, type Transaction } from '@codemirror/state';
import { Decoration, EditorView, WidgetType } from '@codemirror/view';

/** A picture on its way. Its element shows how far it is; the text does not have it yet. */
export interface Placeholder {
  /** Later pictures have larger numbers. */
  readonly id: number;
  readonly element: HTMLElement;
}

interface Placed extends Placeholder {
  readonly position: number;
}

class PlaceholderWidget extends WidgetType {
  constructor(readonly element: HTMLElement) {
    super();
  }

  override eq(other: PlaceholderWidget): boolean {
    return other.element === this.element;
  }

  override toDOM(): HTMLElement {
    return this.element;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const added = StateEffect.define<Placed>();
const ended = StateEffect.define<number>();

/**
 * The placeholders of an editor. They are decorations: nobody else sees them, and the text does not have them.
 *
 * Law (`placeholders.test.ts`): pictures stand in the text in the order of their placeholders, before what was typed
 * at their place meanwhile.
 */
export const placeholders = StateField.define<readonly Placed[]>({
  create: () => [],
  update(placed, transaction) {
    const after = transaction.docChanged || transaction.effects.length > 0;
    return after ? updated(placed, transaction) : placed;
  },
  provide: field =>
    EditorView.decorations.from(field, placed =>
      Decoration.set(
        placed.map(({ element, position }) =>
          Decoration.widget({ widget: new PlaceholderWidget(element), side: -1 }).range(position)
        )
      )
    )
});

function updated(placed: readonly Placed[], { changes, effects }: Transaction): readonly Placed[] {
  const gone = new Set(effects.flatMap(effect => (effect.is(ended) ? [effect.value] : [])));
  const last = Math.max(-1, ...gone);
  const place = placed.find(({ id }) => id === last)?.position;
  const kept = placed.flatMap(each => {
    // A picture that comes into the text pushes those behind it on.
    const side = each.id > last && each.position === place ? 1 : -1;
    return gone.has(each.id) ? [] : [{ ...each, position: changes.mapPos(each.position, side) }];
  });
  const more = effects.flatMap(effect => (effect.is(added) ? [effect.value] : []));
  return [...kept, ...more].sort((a, b) => a.position - b.position || a.id - b.id);
}

/** Shows a placeholder at a position of the text. */
export function show(view: EditorView, placeholder: Placeholder, position: number): void {
  view.dispatch({ effects: added.of({ ...placeholder, position }) });
}

/** Where the placeholder is now; `null` if the editor has none with this id. */
export function positionOf(view: EditorView, id: number): number | null {
  const placed = view.state.field(placeholders, false) ?? [];
  return placed.find(each => each.id === id)?.position ?? null;
}

/** Takes the placeholder away. */
export function remove(view: EditorView, id: number): void {
  view.dispatch({ effects: ended.of(id) });
}

/**
 * Puts a text in the place of the placeholder, as an edit of the user. An editor that was made anew has no
 * placeholders any more: then the text comes to its end.
 */
export function replace(view: EditorView, id: number, text: string): void {
  const { doc, selection } = view.state;
  const position = positionOf(view, id);
  const insert = position === null && doc.length > 0 ? `\n\n${text}\n` : text;
  // Who has not gone on elsewhere goes on behind the picture.
  const isThere = selection.main.empty && selection.main.head === position;
  view.dispatch({
    changes: { from: position ?? doc.length, insert },
    ...(isThere ? { selection: { anchor: position + insert.length } } : {}),
    effects: ended.of(id),
    userEvent: 'input.paste'
  });
}
