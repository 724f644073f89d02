import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { SpecError } from './error';
import { dataOf } from './rest';

/** A picture that the server has stored. */
export interface StoredPicture {
  readonly attachmentId: string;
  /** The address by which the text names it: `attachments/<id>.<extension>`. */
  readonly path: string;
  readonly size: number;
  readonly mediaType: string;
}

export interface UploadOptions {
  /** Called with the part that has been sent, from 0 to 1. */
  progress?(part: number): void;
  /** Ends the upload; its promise then rejects with the reason. */
  readonly signal?: AbortSignal;
}

const UNAUTHORIZED = 401;

/** Stores pictures with specs. */
export class PictureUploads {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  /** Rejects with {@link SpecError} if the server refuses or can't be reached. The same picture may be sent again. */
  async upload(specId: string, picture: Blob, options: UploadOptions = {}): Promise<StoredPicture> {
    const { baseUrl } = this.settings;
    const url = URLExt.join(baseUrl, 'api/specs', encodeURIComponent(specId), 'attachments');
    const answer = await this.send(url, picture, options);
    if (answer.status === UNAUTHORIZED) {
      // The settings may renew a login that has expired.
      return dataOf(await this.sendAgain(url, picture));
    }
    return dataOf(answer);
  }

  /** By `XMLHttpRequest`, since `fetch` tells nothing of the part that has been sent. */
  private send(url: string, picture: Blob, { progress, signal }: UploadOptions): Promise<Response> {
    const { token, init } = this.settings;
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const abort = () => request.abort();
      const end = (settle: () => void) => () => {
        signal?.removeEventListener('abort', abort);
        settle();
      };
      request.open('POST', url);
      request.withCredentials = init.credentials === 'include';
      request.setRequestHeader('Content-Type', picture.type);
      for (const [name, value] of Object.entries(credentials(token))) {
        request.setRequestHeader(name, value);
      }
      request.upload.onprogress = ({ loaded, total }) => progress?.(total > 0 ? loaded / total : 0);
      request.onload = end(() =>
        resolve(new Response(request.responseText, { status: request.status }))
      );
      request.onerror = end(() => reject(new SpecError(SpecError.UNREACHABLE, '')));
      request.onabort = end(() => reject(signal?.reason as Error));
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) {
        reject(signal.reason as Error);
      } else {
        request.send(picture);
      }
    });
  }

  private async sendAgain(url: string, picture: Blob): Promise<Response> {
    const init = { method: 'POST', body: picture, headers: { 'Content-Type': picture.type } };
    try {
      return await ServerConnection.makeRequest(url, init, this.settings);
    } catch (error) {
      if (error instanceof ServerConnection.NetworkError) {
        throw new SpecError(SpecError.UNREACHABLE, error.message);
      }
      throw error;
    }
  }
}

function credentials(token: string): Record<string, string> {
  const xsrf = /(?:^|;\s*)_xsrf=([^;]*)/.exec(document.cookie)?.[1];
  return {
    ...(token ? { Authorization: `token ${token}` } : {}),
    ...(xsrf === undefined ? {} : { 'X-XSRFToken': xsrf })
  };
}
