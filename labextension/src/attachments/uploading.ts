import type { EditorView } from '@codemirror/view';
import type { TranslationBundle } from '@jupyterlab/translation';

import { pictureMarkdown } from '../markdown/pictureText';
import { SpecError } from '../server/error';
import type { PictureUploads, StoredPicture } from '../server/pictureUploads';
import type { SpecConnection } from '../session';
import { refusalOf } from './accepted';
import { PlaceholderElement } from './placeholderElement';
import { remove, replace, show } from './placeholders';

export interface PicturesOptions {
  readonly connection: SpecConnection;
  readonly uploads: Pick<PictureUploads, 'upload'>;
  readonly trans: TranslationBundle;
  /** Tells the user, in a sentence, that a picture was not taken. */
  refused(sentence: string): void;
  /** Tells the user of an upload that failed. */
  failed(error: unknown, name: string): void;
}

/** Pictures of one editor that are sent at the same time. */
const AT_ONCE = 2;
/** Milliseconds until the next try of a picture that could not be sent; each further one waits twice as long. */
const RETRY = 2000;
const LONGEST_RETRY = 30_000;

/** How many pictures of this page are not stored yet; they are lost when it is closed. */
let underWay = 0;
let numbers = 0;

/** Whether the page has pictures that are not stored yet. */
export function arePicturesUnderWay(): boolean {
  return underWay > 0;
}

/** Puts pictures into the text of an editor: a placeholder at once, and the picture when the server has it. */
export class Pictures {
  private active = 0;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly options: PicturesOptions) {}

  /**
   * Resolves when each of the files is in the text, was refused, or left out by the user. Several come below each
   * other, in their order.
   */
  async insert(view: EditorView, files: readonly File[], position: number): Promise<void> {
    const { connection, trans, refused } = this.options;
    const { canEdit, limits } = connection.state;
    if (!canEdit) {
      refused(trans.__('Pictures can only be put into a spec by those who may edit it.'));
      return;
    }
    const taken = files.filter(file => {
      const refusal = refusalOf(file, limits?.attachmentBytes, trans);
      if (refusal !== null) {
        refused(refusal);
      }
      return refusal === null;
    });
    const stored = taken.map(file => this.begin(view, file, position));
    for (const [index, { id, file, result, element }] of stored.entries()) {
      const picture = await result;
      element.dispose();
      const after = index < stored.length - 1 ? '\n\n' : '';
      if (picture) {
        replace(view, id, pictureMarkdown(file.name, picture.path) + after);
      } else {
        remove(view, id);
      }
    }
  }

  private begin(view: EditorView, file: File, position: number) {
    const { trans } = this.options;
    const stop = new AbortController();
    const element = new PlaceholderElement({
      file,
      cancel: () => stop.abort(),
      // The editor draws the caret anew where it now is.
      resized: () => view.requestMeasure(),
      trans
    });
    const id = numbers++;
    show(view, { id, element: element.node }, position);
    return { id, file, element, result: this.upload(file, element, stop.signal) };
  }

  /** The stored picture; `null` if the user has left it out, or the server has refused it, of which the user was told. */
  private async upload(
    file: File,
    element: PlaceholderElement,
    signal: AbortSignal
  ): Promise<StoredPicture | null> {
    underWay += 1;
    try {
      await this.turn();
      return await this.uploadUntilItWorks(file, element, signal);
    } catch (error) {
      if (!signal.aborted) {
        this.options.failed(error, file.name);
      }
      return null;
    } finally {
      underWay -= 1;
      this.active -= 1;
      this.queue.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.active >= AT_ONCE) {
      await new Promise<void>(resolve => this.queue.push(resolve));
    }
    this.active += 1;
  }

  private async uploadUntilItWorks(
    file: File,
    element: PlaceholderElement,
    signal: AbortSignal
  ): Promise<StoredPicture> {
    const { connection, uploads, trans } = this.options;
    for (let delay = RETRY; ; delay = Math.min(2 * delay, LONGEST_RETRY)) {
      signal.throwIfAborted();
      try {
        element.progress = 0;
        const progress = (part: number) => (element.progress = part);
        return await uploads.upload(connection.specId, file, { progress, signal });
      } catch (error) {
        const wait = waitAfter(error, delay);
        if (wait === null || signal.aborted) {
          throw error;
        }
        element.waiting = trans.__('Waits for the server. Keep this page open.');
        await this.reachable(wait, signal);
      }
    }
  }

  /** Resolves after so many milliseconds, or when the connection is back. */
  private reachable(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { connection } = this.options;
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer);
        unsubscribe();
        signal.removeEventListener('abort', done);
        resolve();
      };
      let wasAway = connection.state.status === 'offline';
      const unsubscribe = connection.subscribe(({ status }) => {
        if (wasAway && status === 'synchronised') {
          done();
        }
        wasAway ||= status === 'offline';
      });
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done);
    });
  }
}

/** Milliseconds after which to try again; `null` for what another try does not change. */
function waitAfter(error: unknown, delay: number): number | null {
  if (!(error instanceof SpecError)) {
    return null;
  }
  const { code, status, details } = error;
  if (code === 'RATE_LIMITED') {
    return Math.max(delay, Number(details['retryAfterMs']) || 0);
  }
  return code === SpecError.UNREACHABLE || status >= 500 ? delay : null;
}
