import type { TranslationBundle } from '@jupyterlab/translation';

const FRAME = 'jp-SpecPicture';
/** CSS pixels. */
const NARROWEST = 24;
const STEP = 16;

export interface ResizeOptions {
  readonly trans: TranslationBundle;
  /** Writes the width, in CSS pixels, into the text. */
  apply(width: number): void;
}

/**
 * Gives a picture a handle with which its width is changed: dragged, or by the arrow keys. The image has to be in the
 * page. Returns a function that takes the handle away.
 */
export function resizable(image: HTMLImageElement, { trans, apply }: ResizeOptions): () => void {
  const frame = document.createElement('span');
  frame.className = FRAME;
  image.replaceWith(frame);
  const handle = document.createElement('span');
  handle.className = `${FRAME}-handle`;
  handle.tabIndex = 0;
  handle.title = trans.__('Drag to change the width of the picture');
  handle.setAttribute('role', 'slider');
  handle.setAttribute('aria-label', trans.__('Width of the picture in pixels'));
  handle.setAttribute('aria-valuemin', String(NARROWEST));
  // A picture may stand in a link.
  handle.addEventListener('click', event => {
    event.preventDefault();
    event.stopPropagation();
  });
  frame.append(image, handle);

  const width = () => image.getBoundingClientRect().width;
  const widest = () => Math.max(NARROWEST, frame.parentElement?.clientWidth ?? Infinity);
  const set = (wanted: number) => {
    const now = Math.round(Math.min(widest(), Math.max(NARROWEST, wanted)));
    image.style.width = `${now}px`;
    image.style.height = 'auto';
    handle.setAttribute('aria-valuenow', String(now));
    handle.setAttribute('aria-valuemax', String(Math.round(widest())));
    frame.dataset['width'] = String(now); // the style shows it while it changes
    return now;
  };
  const settled = () => delete frame.dataset['width'];
  const describe = () => {
    handle.setAttribute('aria-valuenow', String(Math.round(width())));
    handle.setAttribute('aria-valuemax', String(Math.round(widest())));
  };
  image.addEventListener('load', describe);
  describe();

  handle.addEventListener('pointerdown', down => {
    if (down.button !== 0) {
      return;
    }
    down.preventDefault();
    handle.setPointerCapture(down.pointerId);
    const before = { width: width(), style: image.style.width };
    let now = before.width;
    const move = (event: PointerEvent) => (now = set(before.width + event.clientX - down.clientX));
    const end = (isMeant: boolean) => () => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', up);
      handle.removeEventListener('pointercancel', cancel);
      window.removeEventListener('keydown', escape, true);
      settled();
      if (isMeant && Math.round(now) !== Math.round(before.width)) {
        apply(Math.round(now));
      } else {
        image.style.width = before.style;
      }
    };
    const [up, cancel] = [end(true), end(false)];
    const escape = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        cancel();
      }
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', up);
    handle.addEventListener('pointercancel', cancel);
    window.addEventListener('keydown', escape, true);
  });
  handle.addEventListener('keydown', event => {
    const step = { ArrowRight: STEP, ArrowUp: STEP, ArrowLeft: -STEP, ArrowDown: -STEP }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      apply(set(width() + step));
    }
  });
  handle.addEventListener('blur', settled);
  return () => frame.replaceWith(image);
}
