import '../../kit/lab';

import { EditorView } from '@codemirror/view';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { PassageTops, type Placing } from '../../../src/threads/margin/passages';

const TEXT = Array.from({ length: 2_000 }, (_, line) => `line ${line}`).join('\n');

const views: EditorView[] = [];

afterEach(() => views.splice(0).forEach(view => view.destroy()));

/** An editor with 20 pixels a line, and how often the place of a line was asked for; jsdom has no layout. */
function editor() {
  const asked: number[] = [];
  const tops: PassageTops[] = [];
  const view = new EditorView({
    doc: TEXT,
    parent: document.body,
    extensions: EditorView.updateListener.of(update => tops.forEach(each => each.updated(update)))
  });
  views.push(view);
  const lineBlockAt = view.lineBlockAt.bind(view);
  view.lineBlockAt = position => {
    asked.push(position);
    return Object.assign(Object.create(lineBlockAt(position)) as ReturnType<typeof lineBlockAt>, {
      top: 20 * (view.state.doc.lineAt(position).number - 1),
      height: 20
    });
  };
  Object.defineProperty(view, 'contentHeight', { get: () => 20 * view.state.doc.lines });
  const known = new PassageTops(view);
  tops.push(known);
  return { view, known, asked };
}

/** So many passages, evenly over the text. */
function passages(view: EditorView, count: number): Placing[] {
  const { length } = view.state.doc;
  return Array.from({ length: count }, (_, index) => ({
    id: `thread ${index}`,
    position: Math.floor((index * length) / count)
  }));
}

/** The passages after a change: what is inserted at their beginning is before them. */
function moved(places: readonly Placing[], map: (position: number) => number): Placing[] {
  return places.map(({ id, position }) => ({ id, position: map(position) }));
}

describe('where passages begin', () => {
  it('is measured once while letters are typed, but for those in view', () => {
    const { view, known, asked } = editor();
    let places = passages(view, 500);
    known.measured(places);
    expect(asked.length).toBe(500);
    asked.length = 0;
    const { to } = view.viewport;
    const inView = places.filter(({ position }) => position <= to).length;
    for (let letter = 0; letter < 10; letter++) {
      const transaction = view.state.update({ changes: { from: 3, insert: 'x' } });
      view.dispatch(transaction);
      places = moved(places, position => transaction.changes.mapPos(position, 1));
      known.measured(places);
    }
    expect(asked.length).toBeLessThanOrEqual(10 * (inView + 1));
    expect(inView).toBeLessThan(100);
  });

  it('is where a first measurement finds it, after any edits and jumps', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      gone: fc.constantFrom(0, 0, 1, 12),
      insert: fc.constantFrom('', 'x', 'words', '\n', 'one\ntwo\n'),
      /** One passage goes elsewhere, as one does whose words come back. */
      jumps: fc.boolean()
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), edits => {
        const { view, known } = editor();
        let places = passages(view, 40);
        known.measured(places);
        for (const { at, gone, insert, jumps } of edits) {
          const { length } = view.state.doc;
          const from = Math.floor(at * length);
          const transaction = view.state.update({
            changes: { from, to: Math.min(length, from + gone), insert }
          });
          view.dispatch(transaction);
          places = moved(places, position => transaction.changes.mapPos(position, 1));
          if (jumps) {
            places[7] = { id: places[7]!.id, position: from };
          }
          expect(known.measured(places)).toEqual(new PassageTops(view).measured(places));
        }
      }),
      { numRuns: 40 }
    );
  });
});
