import type { TranslationBundle } from '@jupyterlab/translation';

import { PICTURE_ID } from '../attachments/handles';
import { PICTURE, type PictureMark, pictureOf } from './policy';

/** Where the pictures of a spec are. */
export interface PictureAddresses {
  /** The address of a picture that is stored with the spec. */
  attachment(attachmentId: string): Promise<string>;
  /** The address of a file in the user's workspace. */
  file(path: string): string;
}

export type PicturePlace =
  | { readonly kind: 'data' }
  | { readonly kind: 'attachment'; readonly attachmentId: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'elsewhere'; readonly url: URL }
  | { readonly kind: 'nowhere' };

const DATA = /^data:image\/(?:avif|gif|jpeg|png|webp|svg\+xml)[;,]/i;
const ATTACHED = /^(?:\.\/)?attachments\/([0-9a-f]{64})(?:\.[a-z]{1,5})?$/;

/** Where a picture is, by its address in the text; `base` is the address of the page. */
export function placeOf(src: string, base: string): PicturePlace {
  const attachmentId = ATTACHED.exec(src)?.[1];
  if (DATA.test(src)) {
    return { kind: 'data' };
  }
  if (attachmentId) {
    return { kind: 'attachment', attachmentId };
  }
  const path = workspacePath(src);
  if (path !== null) {
    return { kind: 'file', path };
  }
  const url = URL.canParse(src, base) ? new URL(src, base) : null;
  return url && /^https?:$/.test(url.protocol) ? { kind: 'elsewhere', url } : { kind: 'nowhere' };
}

/**
 * The path in the workspace that a relative address means; `null` for any other address, and for what leads out of the
 * workspace.
 */
export function workspacePath(address: string): string | null {
  // Browsers take some of these characters for nothing, or for slashes.
  const isOther = /^\s|^[a-z][a-z0-9+.-]*:|^\/\/|[\p{Cc}\\]|^[?#]|^$/iu.test(address);
  if (isOther) {
    return null;
  }
  const segments: string[] = [];
  for (const segment of decoded(address.replace(/[?#].*$/s, '')).split('/')) {
    if (segment === '..' && segments.pop() === undefined) {
      return null;
    }
    if (!['', '.', '..'].includes(segment)) {
      segments.push(segment);
    }
  }
  return segments.join('/') || null;
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** Puts pictures in the place of the placeholders; what is elsewhere is fetched only when somebody asks for it. */
export class Pictures {
  /** Addresses elsewhere that the user has asked for. */
  private readonly wanted = new Set<string>();

  constructor(
    private readonly addresses: PictureAddresses,
    private readonly trans: TranslationBundle
  ) {}

  /** Resolves when every picture has its address. */
  async fill(host: HTMLElement): Promise<void> {
    const placeholders = [...host.querySelectorAll(`.${PICTURE}`)];
    await Promise.all(placeholders.map(each => this.replace(each)));
  }

  private async replace(placeholder: Element): Promise<void> {
    const mark = pictureOf(placeholder);
    const place = placeOf(mark.src, window.location.href);
    switch (place.kind) {
      case 'data':
        placeholder.replaceWith(imageOf(mark, mark.src));
        break;
      case 'attachment':
        placeholder.replaceWith(await this.attached(mark, place.attachmentId));
        break;
      case 'file':
        placeholder.replaceWith(imageOf(mark, this.addresses.file(place.path)));
        break;
      case 'elsewhere':
        placeholder.replaceWith(this.fromElsewhere(mark, place.url));
        break;
      case 'nowhere':
        placeholder.replaceWith(mark.alt);
        break;
    }
  }

  private async attached(mark: PictureMark, attachmentId: string): Promise<Node> {
    try {
      const image = imageOf(mark, await this.addresses.attachment(attachmentId));
      image.setAttribute(PICTURE_ID, attachmentId);
      return image;
    } catch {
      return missing(this.trans.__('This picture could not be loaded: %1', mark.alt));
    }
  }

  private fromElsewhere(mark: PictureMark, url: URL): Node {
    const image = () => {
      const picture = imageOf(mark, url.href);
      picture.referrerPolicy = 'no-referrer';
      return picture;
    };
    if (this.wanted.has(url.href)) {
      return image();
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'jp-SpecPreview-fetch';
    button.textContent = this.trans.__('Show picture from %1', url.host);
    button.title = mark.alt ? `${mark.alt}\n${url.href}` : url.href;
    button.addEventListener('click', () => {
      this.wanted.add(url.href);
      button.replaceWith(image());
    });
    return button;
  }
}

function imageOf({ alt, title, width, height }: PictureMark, src: string): HTMLImageElement {
  const image = document.createElement('img');
  image.alt = alt;
  image.draggable = false;
  if (title) {
    image.title = title;
  }
  for (const [name, value] of Object.entries({ width, height })) {
    if (value && /^\d{1,5}%?$/.test(value)) {
      image.setAttribute(name, value);
    }
  }
  image.src = src;
  return image;
}

function missing(text: string): Node {
  const note = document.createElement('span');
  note.className = 'jp-SpecPreview-missing';
  note.textContent = text;
  return note;
}
