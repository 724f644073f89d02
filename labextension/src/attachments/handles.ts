import type { EditorView } from '@codemirror/view';
import type { TranslationBundle } from '@jupyterlab/translation';

import { catchUp } from '../editor';
import { resizable } from './resize';
import { writeWidth } from './resizing';

/** The attribute of an image in a preview that holds the id of the spec's picture that it shows. */
export const PICTURE_ID = 'data-spec-attachment';

export interface HandlesOptions {
  readonly view: EditorView;
  readonly trans: TranslationBundle;
}

/** Gives the pictures in a preview handles with which whoever may edit changes their width. */
export class PictureHandles {
  private readonly handles = new WeakMap<HTMLImageElement, () => void>();

  constructor(private readonly options: HandlesOptions) {}

  /** `place` is where the text of a rendered block is in the editor, at the time when a width is written. */
  update(
    block: HTMLElement,
    mayResize: boolean,
    place: () => { readonly from: number; readonly to: number }
  ): void {
    const { view, trans } = this.options;
    const images = block.querySelectorAll<HTMLImageElement>(`img[${PICTURE_ID}]`);
    images.forEach((image, index) => {
      const takeAway = this.handles.get(image);
      if (!mayResize) {
        takeAway?.();
        this.handles.delete(image);
      } else if (!takeAway) {
        const apply = (width: number) => {
          catchUp(view);
          writeWidth(view, place(), index, image.getAttribute(PICTURE_ID) ?? '', width);
        };
        this.handles.set(image, resizable(image, { trans, apply }));
      }
    });
  }
}
