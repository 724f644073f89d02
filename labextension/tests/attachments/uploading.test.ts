import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { placeholders, positionOf } from '../../src/attachments/placeholders';
import { writeWidth } from '../../src/attachments/resizing';
import { tooltipAt } from '../../src/attachments/thumbnail';
import { arePicturesUnderWay, Pictures } from '../../src/attachments/uploading';
import { SpecError } from '../../src/server/error';
import type { StoredPicture, UploadOptions } from '../../src/server/pictureUploads';
import type { SpecConnection } from '../../src/session';

const trans = nullTranslator.load('test');
const views: EditorView[] = [];

interface Sent {
  readonly file: File;
  readonly options: UploadOptions;
  store(): void;
  fail(error: Error): void;
}

function desk(doc: string, state = { canEdit: true, status: 'synchronised', limits: null }) {
  const view = new EditorView({
    parent: document.body,
    state: EditorState.create({ doc, extensions: [placeholders] })
  });
  views.push(view);
  const sent: Sent[] = [];
  const refusals: string[] = [];
  const failures: string[] = [];
  const listeners = new Set<(state: unknown) => void>();
  const connection = {
    specId: 'spec',
    state,
    subscribe(listener: (state: unknown) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    }
  } as unknown as SpecConnection;
  const pictures = new Pictures({
    connection,
    trans,
    refused: sentence => refusals.push(sentence),
    failed: (_error, name) => failures.push(name),
    uploads: {
      upload: (_specId, blob, options = {}) =>
        new Promise<StoredPicture>((resolve, reject) => {
          const file = blob as File;
          options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
          const path = `attachments/${file.name}`;
          sent.push({
            file,
            options,
            store: () =>
              resolve({ attachmentId: 'x', path, size: file.size, mediaType: file.type }),
            fail: reject
          });
        })
    }
  });
  const text = () => view.state.doc.toString();
  const become = (status: string) => {
    Object.assign(state, { status });
    listeners.forEach(listener => listener(state));
  };
  return { view, pictures, sent, refusals, failures, text, become };
}

const png = (name: string, size = 3) =>
  new File([new Uint8Array(size)], name, { type: 'image/png' });
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  URL.createObjectURL ??= () => 'blob:x';
  URL.revokeObjectURL ??= () => undefined;
});
afterEach(() => {
  vi.useRealTimers();
  views.splice(0).forEach(view => view.destroy());
});

describe('a pasted picture', () => {
  it('shows at once, is no text, and becomes text where it was pasted', async () => {
    const { view, pictures, sent, text } = desk('ab');
    const done = pictures.insert(view, [png('plot.png')], 1);
    await settled();
    expect(view.contentDOM.querySelector('.jp-SpecUpload')?.textContent).toContain('plot.png');
    expect(text()).toBe('ab');
    expect(arePicturesUnderWay()).toBe(true);
    view.dispatch({ changes: { from: 0, insert: 'before ' } });
    view.dispatch({ changes: { from: 8, insert: 'typed on' } });
    sent[0]!.options.progress?.(0.5);
    expect(view.contentDOM.querySelector('progress')?.value).toBe(0.5);
    sent[0]!.store();
    await done;
    expect(text()).toBe('before a![plot](attachments/plot.png)typed onb');
    expect(view.contentDOM.querySelector('.jp-SpecUpload')).toBeNull();
    expect(arePicturesUnderWay()).toBe(false);
  });

  it('is as many as were pasted, in their order, two at a time', async () => {
    const { view, pictures, sent, text } = desk('');
    const done = pictures.insert(
      view,
      ['a', 'b', 'c'].map(name => png(`${name}.png`)),
      0
    );
    await settled();
    expect(sent.map(({ file }) => file.name)).toEqual(['a.png', 'b.png']);
    sent[1]!.store();
    await settled();
    expect(text()).toBe('');
    sent[2]!.store();
    sent[0]!.store();
    await done;
    const one = (name: string) => `![${name}](attachments/${name}.png)`;
    expect(text()).toBe([one('a'), one('b'), one('c')].join('\n\n'));
  });

  it('leaves the caret behind it, for whoever has not gone on elsewhere', async () => {
    const { view, pictures, sent, text } = desk('ab');
    view.dispatch({ selection: { anchor: 1 } });
    const done = pictures.insert(view, [png('a.png')], 1);
    await settled();
    sent[0]!.store();
    await done;
    expect(view.state.selection.main.head).toBe(text().length - 1);
  });

  it('can be left out', async () => {
    const { view, pictures, text, failures } = desk('text');
    const done = pictures.insert(view, [png('a.png')], 2);
    await settled();
    view.contentDOM.querySelector<HTMLElement>('.jp-SpecUpload button')!.click();
    await done;
    expect(text()).toBe('text');
    expect(positionOf(view, 0)).toBeNull();
    expect(failures).toEqual([]);
    expect(arePicturesUnderWay()).toBe(false);
  });

  it('waits while the server is away, and says so', async () => {
    const { view, pictures, sent, text, become } = desk('');
    const done = pictures.insert(view, [png('a.png')], 0);
    await settled();
    become('offline');
    sent[0]!.fail(new SpecError(SpecError.UNREACHABLE, ''));
    await settled();
    expect(view.contentDOM.querySelector('.jp-SpecUpload')?.textContent).toContain(
      'Waits for the server. Keep this page open.'
    );
    expect(arePicturesUnderWay()).toBe(true);
    become('synchronised');
    await settled();
    sent[1]!.store();
    await done;
    expect(text()).toBe('![a](attachments/a.png)');
  });

  it('tries again by itself when the server is busy', async () => {
    const { view, pictures, sent, text } = desk('');
    const done = pictures.insert(view, [png('a.png')], 0);
    await settled();
    sent[0]!.fail(new SpecError('RATE_LIMITED', '', 429, { retryAfterMs: 9000 }));
    await vi.advanceTimersByTimeAsync(8000);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1500);
    sent[1]!.store();
    await done;
    expect(text()).toContain('attachments/a.png');
  });

  it('goes, with a word to the user, when the server does not take it', async () => {
    const { view, pictures, sent, text, failures } = desk('text');
    const done = pictures.insert(view, [png('a.png'), png('b.png')], 4);
    await settled();
    sent[0]!.fail(new SpecError('UNSUPPORTED_MEDIA_TYPE', '', 415));
    sent[1]!.store();
    await done;
    expect(failures).toEqual(['a.png']);
    expect(text()).toBe('text![b](attachments/b.png)');
  });

  it('is not taken from a viewer, nor too large', async () => {
    const viewer = desk('', { canEdit: false, status: 'synchronised', limits: null });
    await viewer.pictures.insert(viewer.view, [png('a.png')], 0);
    expect(viewer.sent).toEqual([]);
    expect(viewer.refusals[0]).toContain('those who may edit it');
    const writer = desk('', {
      canEdit: true,
      status: 'synchronised',
      limits: { attachmentBytes: 2 } as never
    });
    await writer.pictures.insert(writer.view, [png('a.png')], 0);
    expect(writer.refusals[0]).toContain('it is too large');
  });

  it('comes to the end of a text whose editor was made anew meanwhile', async () => {
    const { view, pictures, sent, text } = desk('text');
    const done = pictures.insert(view, [png('a.png')], 0);
    await settled();
    view.setState(EditorState.create({ doc: 'text', extensions: [placeholders] }));
    sent[0]!.store();
    await done;
    expect(text()).toBe('text\n\n![a](attachments/a.png)\n');
  });
});

describe('a picture in the text', () => {
  const id = '0f'.repeat(32);

  it('gets a width where it stands now', () => {
    const doc = `x ![a](attachments/${id}.png) y ![b](attachments/${id}.png)`;
    const { view, text } = desk(doc);
    expect(writeWidth(view, { from: 2, to: doc.length }, 1, id, 99.6)).toBe(true);
    expect(text()).toBe(
      `x ![a](attachments/${id}.png) y <img src="attachments/${id}.png" width="100" alt="b">`
    );
    expect(writeWidth(view, { from: 0, to: 9 }, 0, id, 50)).toBe(false);
  });

  it('shows where the pointer rests', async () => {
    const { view } = desk(`text ![a](attachments/${id}.png) text`);
    const addressOf = () => Promise.resolve('data:,');
    const options = { addressOf, trans };
    expect(tooltipAt(view, 2, options)).toBeNull();
    const tooltip = tooltipAt(view, 20, options)!;
    const { dom } = tooltip.create(view);
    await settled();
    expect(dom.querySelector('img')?.getAttribute('src')).toBe('data:,');
    expect(dom.querySelector('img')?.alt).toBe('a');
  });
});
