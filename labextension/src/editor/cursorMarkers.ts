import type { LayerMarker, RectangleMarker } from '@codemirror/view';

import { textOn } from './colours';
import type { FlagPlace } from './flagPlacement';

/** The name flag of a caret and its place. */
export interface Flag {
  readonly name: string;
  readonly place: Pick<FlagPlace, 'x' | 'y'>;
}

/** The caret of another user, with or without a flag. Hidden from screen readers, which announce users elsewhere. */
export class CaretMarker implements LayerMarker {
  constructor(
    private readonly key: string,
    private readonly box: RectangleMarker,
    private readonly colour: string,
    private readonly flag: Flag | null
  ) {}

  eq(other: CaretMarker): boolean {
    return (
      this.key === other.key &&
      this.box.eq(other.box) &&
      this.colour === other.colour &&
      this.flag?.name === other.flag?.name &&
      this.flag?.place.x === other.flag?.place.x &&
      this.flag?.place.y === other.flag?.place.y
    );
  }

  draw(): HTMLElement {
    const element = document.createElement('div');
    element.className = 'cm-specCaret';
    element.setAttribute('aria-hidden', 'true');
    this.adjust(element);
    return element;
  }

  update(element: HTMLElement, previous: CaretMarker): boolean {
    if (previous.key !== this.key) {
      return false;
    }
    this.adjust(element);
    return true;
  }

  private adjust(element: HTMLElement): void {
    const { left, top, height } = this.box;
    element.style.left = `${left}px`;
    element.style.top = `${top}px`;
    element.style.height = `${height}px`;
    element.style.color = this.colour;
    element.replaceChildren(...(this.flag ? [drawFlag(this.flag, this.colour)] : []));
  }
}

function drawFlag({ name, place }: Flag, colour: string): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-specFlag';
  element.style.left = `${place.x}px`;
  element.style.top = `${place.y}px`;
  const label = document.createElement('span');
  label.textContent = name;
  label.style.color = textOn(colour);
  element.append(label);
  return element;
}

/** One rectangle of another user's selection. */
export class SelectionMarker implements LayerMarker {
  constructor(
    private readonly box: RectangleMarker,
    private readonly colour: string
  ) {}

  eq(other: SelectionMarker): boolean {
    return this.colour === other.colour && this.box.eq(other.box);
  }

  draw(): HTMLElement {
    const element = this.box.draw();
    element.style.backgroundColor = this.colour;
    return element;
  }
}
