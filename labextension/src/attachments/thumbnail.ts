import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import type { TranslationBundle } from '@jupyterlab/translation';

import { type PictureInText, picturesIn } from '../markdown/pictureText';

/** UTF-16 units around the pointer in which a picture's text is looked for: more than any has. */
const AROUND = 2500;
/** Milliseconds for which the pointer has to rest. */
const REST = 250;

export interface ThumbnailOptions {
  /** The address of a picture of the spec. */
  addressOf(attachmentId: string): Promise<string>;
  readonly trans: TranslationBundle;
}

/** Shows the picture that the text names where the pointer rests. */
export function thumbnails(options: ThumbnailOptions): Extension {
  return hoverTooltip((view, position) => tooltipAt(view, position, options), { hoverTime: REST });
}

/** The tooltip for a position; `null` where the text names no picture of the spec. */
export function tooltipAt(
  { state: { doc } }: EditorView,
  position: number,
  { addressOf, trans }: ThumbnailOptions
): Tooltip | null {
  const line = doc.lineAt(position);
  const start = Math.max(line.from, position - AROUND);
  const text = doc.sliceString(start, Math.min(line.to, position + AROUND));
  const picture = picturesIn(text).find(
    ({ from, to }) => start + from <= position && position <= start + to
  );
  return picture
    ? {
        pos: start + picture.from,
        end: start + picture.to,
        above: true,
        create: () => ({ dom: thumbnailOf(picture, addressOf, trans) })
      }
    : null;
}

function thumbnailOf(
  { attachmentId, alt }: PictureInText,
  addressOf: ThumbnailOptions['addressOf'],
  trans: TranslationBundle
): HTMLElement {
  const node = document.createElement('div');
  node.className = 'jp-SpecThumbnail';
  const size = document.createElement('span');
  size.textContent = trans.__('Loading…');
  const image = document.createElement('img');
  image.alt = alt;
  image.hidden = true;
  image.onload = () => {
    image.hidden = false;
    size.textContent = `${image.naturalWidth} × ${image.naturalHeight}`;
  };
  const missing = () => {
    size.textContent = trans.__('This spec has no such picture.');
  };
  image.onerror = missing;
  addressOf(attachmentId).then(address => (image.src = address), missing);
  node.append(image, size);
  return node;
}
