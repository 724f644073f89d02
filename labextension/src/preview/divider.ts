import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

/** The smallest share of the width that a side may have, and how much a key moves the divider. */
const [LEAST, STEP] = [0.2, 0.05];

export interface DividerOptions {
  readonly trans: TranslationBundle;
  readonly share: number;
  /** The user gave the left side this share of the width. */
  moved(share: number): void;
}

/** Between two sides: dragged with the pointer, or moved with the arrow keys. A double click makes both as wide. */
export class Divider extends Widget {
  private current: number;

  constructor(private readonly options: DividerOptions) {
    super();
    const { node } = this;
    this.addClass('jp-SpecDivider');
    this.current = options.share;
    node.tabIndex = 0;
    node.setAttribute('role', 'separator');
    node.setAttribute('aria-orientation', 'vertical');
    node.setAttribute('aria-label', options.trans.__('Width of the source beside the preview'));
    node.setAttribute('aria-valuemin', String(100 * LEAST));
    node.setAttribute('aria-valuemax', String(100 * (1 - LEAST)));
    node.addEventListener('pointerdown', event => this.grab(event));
    node.addEventListener('keydown', event => this.pressed(event));
    node.addEventListener('dblclick', () => this.move(0.5));
    this.tell();
  }

  private grab(event: PointerEvent): void {
    const { node } = this;
    const place = node.parentElement?.getBoundingClientRect();
    if (event.button !== 0 || !place) {
      return;
    }
    event.preventDefault();
    node.focus();
    node.setPointerCapture(event.pointerId);
    const isMirrored = getComputedStyle(node).direction === 'rtl';
    const drag = ({ clientX }: PointerEvent) => {
      const share = (clientX - place.left) / place.width;
      this.move(isMirrored ? 1 - share : share);
    };
    const drop = () => {
      node.removeEventListener('pointermove', drag);
      this.removeClass('jp-mod-dragged');
    };
    this.addClass('jp-mod-dragged');
    node.addEventListener('pointermove', drag);
    node.addEventListener('lostpointercapture', drop, { once: true });
  }

  private pressed(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: this.current - STEP,
      ArrowRight: this.current + STEP,
      Home: LEAST,
      End: 1 - LEAST
    };
    const share = steps[event.key];
    if (share !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      this.move(share);
    }
  }

  private move(share: number): void {
    this.current = Math.min(1 - LEAST, Math.max(LEAST, share));
    this.tell();
    this.options.moved(this.current);
  }

  private tell(): void {
    this.node.setAttribute('aria-valuenow', String(Math.round(100 * this.current)));
  }
}
