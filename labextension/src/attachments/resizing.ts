import type { EditorView } from '@codemirror/view';

import { picturesIn, withWidth } from '../markdown/pictureText';

/**
 * Writes the width of a picture into the text, as an edit of the user; `false` if the picture is not there any more.
 *
 * It is the picture number `index`, from 0, among those of the spec in the text from `from` to `to`.
 */
export function writeWidth(
  view: EditorView,
  { from, to }: { readonly from: number; readonly to: number },
  index: number,
  attachmentId: string,
  width: number
): boolean {
  const picture = picturesIn(view.state.sliceDoc(from, to))[index];
  if (view.state.readOnly || picture?.attachmentId !== attachmentId) {
    return false;
  }
  view.dispatch({
    changes: {
      from: from + picture.from,
      to: from + picture.to,
      insert: withWidth(picture, width)
    },
    userEvent: 'input.picture'
  });
  return true;
}
