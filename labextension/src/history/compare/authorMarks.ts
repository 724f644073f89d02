import { getChunks } from '@codemirror/merge';
import { type Extension, RangeSetBuilder, StateEffect } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate
} from '@codemirror/view';

import { safeColour } from '../../editor/colours';
import type { Text } from '../../text';
import type { Authors, Writer } from './authors';

/** What the marks are made of, as it is at the moment. */
export interface Written {
  readonly text: Text;
  readonly authors: Authors | null;
  /** What is told of a writer on hover. */
  told(writer: Writer): string;
}

/** It has become known who wrote the text. */
export const authorsFound = StateEffect.define<null>();

/** Tints added letters in the colours of their authors, and names those on hover. Only what is in view is looked at. */
export function authorMarks(written: () => Written): Extension {
  return ViewPlugin.define(
    view => {
      const marks = { decorations: marksIn(view, written()), update };
      function update({ docChanged, viewportChanged, transactions, view }: ViewUpdate) {
        const isFound = transactions.some(({ effects }) =>
          effects.some(effect => effect.is(authorsFound))
        );
        if (docChanged || viewportChanged || isFound) {
          marks.decorations = marksIn(view, written());
        }
      }
      return marks;
    },
    { decorations: ({ decorations }) => decorations }
  );
}

function marksIn(view: EditorView, { text, authors, told }: Written): DecorationSet {
  const found = getChunks(view.state);
  const marks = new RangeSetBuilder<Decoration>();
  if (!found || text.utf16Length !== view.state.doc.length) {
    return marks.finish();
  }
  for (const visible of view.visibleRanges) {
    for (const { fromB, toB, changes } of found.chunks) {
      if (fromB > visible.to) {
        break;
      }
      for (const change of toB < visible.from ? [] : changes) {
        const from = Math.max(fromB + change.fromB, visible.from);
        const to = Math.min(fromB + change.toB, visible.to);
        if (from < to) {
          const [start, end] = [text.codePointOf(from), text.codePointOf(to)];
          for (const piece of authors?.within(start, end) ?? []) {
            marks.add(
              text.utf16Of(piece.from),
              text.utf16Of(piece.to),
              markOf(piece.writer, told(piece.writer))
            );
          }
        }
      }
    }
  }
  return marks.finish();
}

function markOf({ userId, colour }: Writer, title: string): Decoration {
  const style = `--jp-SpecCompare-author: ${safeColour(colour, userId)}`;
  return Decoration.mark({ class: 'jp-SpecCompare-by', attributes: { style, title } });
}
