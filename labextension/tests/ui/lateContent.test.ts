// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { LateContent } from '../../src/ui/lateContent';

const trans = nullTranslator.load('');

/** What the bundle rejects an `import()` with whose file did not come. */
function chunkError(): Error {
  return Object.assign(new Error('Loading chunk 7 failed.'), { name: 'ChunkLoadError' });
}

/** A content that takes the focus when it is activated. */
class Content extends Widget {
  readonly field = document.createElement('input');

  constructor() {
    super();
    this.node.append(this.field);
  }

  protected override onActivateRequest(): void {
    this.field.focus();
  }
}

const places: LateContent<Content>[] = [];

/** A place in the page whose content comes or fails when the test says so. */
function place() {
  const calls: { come(): void; fail(error: unknown): void }[] = [];
  const content = new Content();
  const late = new LateContent<Content>({
    trans,
    failed: 'The history can’t be shown.',
    load: () =>
      new Promise((resolve, reject) => calls.push({ come: () => resolve(content), fail: reject }))
  });
  places.push(late);
  return { late, content, calls };
}

const settled = async () => {
  await new Promise(resolve => setTimeout(resolve, 0));
  MessageLoop.flush();
};

describe('a place whose content is loaded when it is seen first', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue());
  afterEach(() => {
    places.splice(0).forEach(each => each.dispose());
    document.body.replaceChildren();
    vi.restoreAllMocks();
  });

  it('loads nothing before', async () => {
    const { late, content, calls } = place();
    const panel = new Panel();
    panel.hide();
    panel.addWidget(late);
    Widget.attach(panel, document.body);
    await settled();
    expect(calls).toHaveLength(0);
    panel.show();
    expect(calls).toHaveLength(1);
    expect(late.node.getAttribute('aria-busy')).toBe('true');
    calls[0]!.come();
    await settled();
    expect(late.widget).toBe(content);
    expect(late.node.contains(content.node)).toBe(true);
    expect(late.node.hasAttribute('aria-busy')).toBe(false);
    panel.hide();
    panel.show();
    expect(calls).toHaveLength(1);
  });

  it('tells that it did not come, and tries again when it is asked to', async () => {
    const { late, content, calls } = place();
    Widget.attach(late, document.body);
    calls[0]!.fail(chunkError());
    await settled();
    const note = late.node.querySelector('[role="alert"]')!;
    expect(note.querySelector('p')!.textContent).toBe(
      'The history can’t be shown. A part of the page did not load. Check the network, then try again. ' +
        'If that does not help, the server has a new version: reload the page.'
    );
    const again = note.querySelector('button')!;
    again.focus();
    again.click();
    calls[1]!.fail(chunkError());
    await settled();
    expect(late.node.querySelectorAll('[role="alert"]')).toHaveLength(1);
    const second = late.node.querySelector('button')!;
    second.focus();
    second.click();
    calls[2]!.come();
    await settled();
    expect(late.node.querySelector('[role="alert"]')).toBeNull();
    expect(late.widget).toBe(content);
    expect(document.activeElement).toBe(content.field);
  });

  it('has the focus while it loads, so that no key is written into the text, and gives it to the content', async () => {
    const { late, content, calls } = place();
    const text = document.createElement('textarea');
    document.body.append(text);
    text.focus();
    Widget.attach(late, document.body);
    late.activate();
    MessageLoop.flush();
    expect(document.activeElement).toBe(late.node);
    calls[0]!.come();
    await settled();
    expect(document.activeElement).toBe(content.field);
  });

  it('leaves the focus where the user has moved it meanwhile', async () => {
    const { late, calls } = place();
    const text = document.createElement('textarea');
    document.body.append(text);
    Widget.attach(late, document.body);
    late.activate();
    MessageLoop.flush();
    text.focus();
    calls[0]!.come();
    await settled();
    expect(document.activeElement).toBe(text);
  });

  it('drops what comes when it is gone', async () => {
    const { late, content, calls } = place();
    Widget.attach(late, document.body);
    late.dispose();
    calls[0]!.come();
    await settled();
    expect(content.isDisposed).toBe(true);
  });

  it('rejects for who asked for the content, and may be asked again', async () => {
    const { late, content, calls } = place();
    const first = late.load();
    calls[0]!.fail(chunkError());
    await expect(first).rejects.toThrow('Loading chunk 7 failed.');
    const second = late.load();
    expect(late.load()).toBe(second);
    calls[1]!.come();
    await expect(second).resolves.toBe(content);
  });
});
