import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { SpecError } from './error';

/** How many pictures of another origin are kept in the page. */
const MOST = 60;

/**
 * Addresses of what is stored with specs, for pictures of the page.
 *
 * A picture's request has no token. So where the service is elsewhere and takes tokens only, its bytes are fetched
 * here, and the page gets an address of its own for them.
 */
export class AttachmentAddresses {
  /** By address at the server, the latest ones last. */
  private readonly fetched = new Map<string, Promise<string>>();

  constructor(private readonly settings: ServerConnection.ISettings) {}

  /** Rejects with {@link SpecError} if the server refuses or can't be reached. */
  async addressOf(specId: string, attachmentId: string): Promise<string> {
    const url = urlOf(this.settings, specId, attachmentId);
    if (!needsToken(url, this.settings)) {
      return url;
    }
    const address = this.fetched.get(url) ?? this.fetch(url);
    this.fetched.delete(url);
    this.fetched.set(url, address);
    for (const [oldest, kept] of this.fetched) {
      if (this.fetched.size <= MOST) {
        break;
      }
      this.fetched.delete(oldest);
      kept.then(URL.revokeObjectURL, () => undefined);
    }
    return address;
  }

  /** The bytes. */
  async bytesOf(specId: string, attachmentId: string): Promise<Blob> {
    return fetchBlob(urlOf(this.settings, specId, attachmentId), this.settings);
  }

  private async fetch(url: string): Promise<string> {
    try {
      return await addressFor(await fetchBlob(url, this.settings));
    } catch (error) {
      this.fetched.delete(url);
      throw error;
    }
  }
}

/**
 * An address in the page for the bytes of a picture. One of an SVG is a `data:` URL: opened in a tab of its own, a
 * `blob:` URL belongs to this page's origin, and a script in the SVG would run there.
 */
export function addressFor(picture: Blob): Promise<string> {
  if (!picture.type.startsWith('image/svg')) {
    return Promise.resolve(URL.createObjectURL(picture));
  }
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('The picture can’t be read.'));
    reader.readAsDataURL(picture);
  });
}

function urlOf({ baseUrl }: ServerConnection.ISettings, specId: string, id: string): string {
  return URLExt.join(baseUrl, 'api/specs', encodeURIComponent(specId), 'attachments', id);
}

function needsToken(url: string, { token }: ServerConnection.ISettings): boolean {
  return token !== '' && new URL(url, window.location.href).origin !== window.location.origin;
}

async function fetchBlob(url: string, settings: ServerConnection.ISettings): Promise<Blob> {
  const response = await ServerConnection.makeRequest(url, {}, settings);
  if (!response.ok) {
    throw new SpecError(SpecError.UNREADABLE, response.statusText, response.status);
  }
  return response.blob();
}
