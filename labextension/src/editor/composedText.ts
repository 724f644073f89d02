import {
  ChangeSet,
  type ChangeSpec,
  EditorState,
  Prec,
  StateEffect,
  StateField,
  type Transaction,
  type TransactionSpec
} from '@codemirror/state';

/** A range of an editor's text, in UTF-16 units. */
export interface Composed {
  readonly from: number;
  readonly to: number;
}

/** An input method begins to write at a place, or `null`: what it wrote is gone from the editor. */
export const setComposed = StateEffect.define<Composed | null>();

/**
 * What an input method writes into an editor whose user may not edit. It stands in this editor's text only, until the
 * input method is done; the document does not have it.
 *
 * An input method writes into the page, and goes on only while its letters stay there as it wrote them. So they can't be
 * kept out of the text, and the editor takes them as long as this field has a range.
 */
export const composedText = StateField.define<Composed | null>({
  create: () => null,
  update(range, transaction) {
    const next = transaction.effects.find(effect => effect.is(setComposed));
    if (next) {
      return next.value as Composed | null;
    }
    const { changes } = transaction;
    return range && isComposition(transaction)
      ? { from: range.from, to: range.to + changes.newLength - changes.length }
      : range;
  },
  provide: field =>
    Prec.highest(
      EditorState.readOnly.computeN([field], state => (state.field(field) ? [false] : []))
    )
});

/** Whether an input method has a place in this editor, and the document another text. */
export function isComposing(state: EditorState): boolean {
  return rangeIn(state) !== null;
}

/** Whether a transaction changes nothing but what the input method wrote. */
export function isComposition({ startState, changes, newDoc }: Transaction): boolean {
  const range = rangeIn(startState);
  if (!range || changes.empty) {
    return false;
  }
  const { doc } = startState;
  let [first, last] = [range.from, range.to];
  changes.iterChangedRanges((from, to) => {
    first = Math.min(first, from);
    last = Math.max(last, to);
  });
  // A browser tells what is there now: of equal letters side by side another one may seem to have come.
  const grown = newDoc.length - doc.length;
  return (
    range.to + grown >= range.from &&
    doc.sliceString(first, range.from) === newDoc.sliceString(first, range.from) &&
    doc.sliceString(range.to, last) === newDoc.sliceString(range.to + grown, last + grown)
  );
}

/** What was written, as a change of the document's text; `null` where no input method is at work. */
export function compositionIn(state: EditorState): ChangeSet | null {
  const range = rangeIn(state);
  if (!range) {
    return null;
  }
  const { from, to } = range;
  return ChangeSet.of({ from, insert: state.doc.slice(from, to) }, state.doc.length - (to - from));
}

/** Changes of the document as changes of an editor, in which an input method may be at work. */
export function besideComposition(state: EditorState, changes: ChangeSpec): TransactionSpec {
  const [range, written] = [rangeIn(state), compositionIn(state)];
  if (!range || !written) {
    return { changes };
  }
  const beside = ChangeSet.of(changes, written.length).map(written, true);
  // The caret, where the input method goes on, stays before what comes to an empty range.
  const side = range.from < range.to ? 1 : -1;
  const [from, to] = [range.from, range.to].map(at => beside.mapPos(at, side));
  return { changes: beside, effects: setComposed.of({ from: from!, to: to! }) };
}

function rangeIn(state: EditorState): Composed | null {
  return state.field(composedText, false) ?? null;
}
