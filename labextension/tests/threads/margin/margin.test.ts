import '../../kit/lab';

import { EditorView } from '@codemirror/view';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Composing } from '../../../src/threads/composing';
import { Margin } from '../../../src/threads/margin/margin';
import type { ShownThread } from '../../../src/threads/specThreads';
import { clearDesks, desk } from '../../editor/kit';
import { eventually } from '../../kit/eventually';
import { button, contextOf, press, type } from '../context';
import { MemoryThreads } from '../memoryThreads';
import { shown } from '../threads';

const TEXT = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');

afterEach(() => {
  clearDesks();
  vi.restoreAllMocks();
});

/** An editor of this width with 20 pixels a line; jsdom has no layout. */
function marginOf(all: readonly ShownThread[], width: number) {
  const { ann } = desk(TEXT, EditorView.lineWrapping);
  const { view } = ann;
  Object.defineProperty(view.scrollDOM, 'clientWidth', { value: width, configurable: true });
  Object.defineProperty(view.scrollDOM, 'clientHeight', { value: 600 });
  Object.defineProperty(view, 'lineWrapping', { value: true });
  Object.defineProperty(view, 'documentTop', { value: 0 });
  const lineBlockAt = view.lineBlockAt.bind(view);
  view.lineBlockAt = position =>
    Object.assign(Object.create(lineBlockAt(position)) as ReturnType<typeof lineBlockAt>, {
      top: 20 * (view.state.doc.lineAt(position).number - 1),
      height: 20
    });
  view.requestMeasure = request => {
    if (request) {
      request.write?.(request.read(view), view);
    }
  };
  const threads = new MemoryThreads(all);
  const context = contextOf(threads);
  const composing = new Composing(view, threads);
  const showInSidebar = vi.fn();
  let isInSidebar = false;
  const margin = new Margin({
    view,
    context,
    composing,
    isInSidebar: () => isInSidebar,
    showInSidebar
  });
  const tops = () =>
    Object.fromEntries(
      [...margin.node.querySelectorAll<HTMLElement>('.jp-ThreadMargin-card')].map(each => [
        each.querySelector<HTMLElement>('article')?.dataset['specThread'] ?? 'new',
        Number(/-?\d+/.exec(each.style.transform)?.[0])
      ])
    );
  const hide = (isHidden: boolean) => {
    isInSidebar = isHidden;
    margin.measure();
  };
  return { view, margin, threads, context, composing, showInSidebar, tops, hide };
}

/** A thread on a line. */
function on(line: number, threadId: string): ShownThread {
  const start = TEXT.indexOf(`line ${line}`);
  return shown(threadId, {}, { range: { start, end: start + 6 } });
}

describe('cards beside the text', () => {
  it('stand in what the editor scrolls, beside their passages or below one another', async () => {
    const { view, margin, tops } = marginOf([on(2, 'a'), on(3, 'b'), on(20, 'c')], 1000);
    expect(margin.node.parentElement).toBe(view.scrollDOM);
    await eventually(() => expect(tops()).toEqual({ a: 40, b: 40 + 96 + 8, c: 400 }));
  });

  it('make room for the selected one, and for one that is written', async () => {
    const { threads, composing, tops } = marginOf([on(8, 'a'), on(9, 'b')], 1000);
    threads.select('b');
    await eventually(() => expect(tops()).toEqual({ a: 180 - 104, b: 180 }));
    composing.begin('comment', TEXT.indexOf('line 9'), TEXT.indexOf('line 9') + 6);
    await eventually(() => expect(tops()['new']).toBe(180));
  });

  it('are in the page only near the view', async () => {
    const all = Array.from({ length: 30 }, (_, line) => on(line, `t${line}`));
    const { tops } = marginOf(all, 1000);
    await eventually(() => expect(Object.keys(tops())).toHaveLength(10));
  });

  it('have their keys before the margin: Esc closes a list first, and then goes to the text', async () => {
    const { margin, composing, context } = marginOf([on(8, 'a')], 1000);
    const { node } = margin;
    const start = TEXT.indexOf('line 9');
    composing.begin('comment', start, start + 6);
    await eventually(() => expect(node.querySelector('textarea')).not.toBeNull());
    const field = node.querySelector('textarea')!;
    const list = () => node.querySelector('[role="listbox"]');
    type(field, '@A');
    await eventually(() => expect(list()).not.toBeNull());
    press(field, 'Escape');
    await eventually(() => expect(list()).toBeNull());
    expect(context.leave).not.toHaveBeenCalled();
    expect(composing.current?.body).toBe('@A');
    press(field, 'Escape');
    expect(context.leave).toHaveBeenCalledOnce();
    expect([composing.current, composing.kept?.body]).toEqual([null, '@A']);
  });

  it('go back to the text by Esc; keys in the text are not theirs', async () => {
    const { view, margin, context } = marginOf([on(8, 'a')], 1000);
    await eventually(() => expect(margin.node.querySelector('article')).not.toBeNull());
    press(view.contentDOM, 'Escape');
    expect(context.leave).not.toHaveBeenCalled();
    press(margin.node.querySelector('article')!, 'Escape');
    expect(context.leave).toHaveBeenCalledOnce();
  });

  it('keep the focus where the button of what is done is gone, or the card', async () => {
    const { margin, threads } = marginOf([on(8, 'a'), on(20, 'b')], 1000);
    const { node } = margin;
    threads.select('a');
    await eventually(() => expect(node.querySelector('[aria-label="Resolve"]')).not.toBeNull());
    const resolve = button(node, 'Resolve');
    resolve.focus();
    resolve.click();
    const focused = () => document.activeElement?.getAttribute('data-spec-thread');
    await eventually(() => expect(focused()).toBe('a'));
    expect(threads.find('a')?.thread.state).toBe('resolved');
    await threads.remove('a');
    await eventually(() => expect(focused()).toBe('b'));
  });

  it('get the focus that was asked for once, and not from where the user has gone meanwhile', async () => {
    const { view, margin, threads, composing } = marginOf([on(8, 'a'), on(20, 'b')], 1000);
    const { node } = margin;
    const [start, other] = [TEXT.indexOf('line 9'), document.createElement('input')];
    document.body.append(other);
    const fields = () => [...node.querySelectorAll('textarea')];
    const settled = () => new Promise(resolve => setTimeout(resolve, 50));
    view.contentDOM.focus();
    threads.select('a');
    margin.focusOn('a');
    await eventually(() => expect(document.activeElement).toBe(fields()[0]));
    view.contentDOM.focus();
    threads.select('b');
    margin.focusOn('b');
    other.focus();
    await eventually(() => expect(node.querySelector('[aria-current]')).not.toBeNull());
    await settled();
    expect(document.activeElement).toBe(other);
    threads.select(null);
    composing.begin('suggestion', start, start + 6);
    margin.focusOnNew();
    await eventually(() => expect(fields()).toHaveLength(2));
    fields()[1]!.focus();
    await settled();
    expect(document.activeElement).toBe(fields()[1]);
    margin.focusOnNew(); // as when it is asked for late
    await settled();
    expect(document.activeElement).toBe(fields()[1]);
    other.remove();
  });

  it('get no focus that was asked for a new one that was left since', async () => {
    const { view, margin, composing } = marginOf([], 1000);
    const start = TEXT.indexOf('line 9');
    view.contentDOM.focus();
    composing.begin('comment', start, start + 6);
    margin.focusOnNew();
    composing.close();
    composing.begin('suggestion', start, start + 6, true);
    await eventually(() => expect(margin.node.querySelector('textarea')).not.toBeNull());
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(document.activeElement).toBe(view.contentDOM);
  });

  it('give way to signs where there is no room, and where the sidebar has them', async () => {
    const page = marginOf([on(2, 'a'), on(3, 'b'), on(20, 'c')], 500);
    const signs = () => [...page.margin.node.querySelectorAll<HTMLElement>('.jp-ThreadSign')];
    await eventually(() =>
      expect(signs().map(each => each.getAttribute('aria-label'))).toEqual([
        '2 comments here',
        'Comment by Ada on “the words”'
      ])
    );
    expect(page.tops()).toEqual({});
    signs()[1]!.click();
    expect(page.showInSidebar).toHaveBeenCalledWith('c');
    Object.defineProperty(page.view.scrollDOM, 'clientWidth', { value: 1000 });
    page.hide(true);
    await eventually(() => expect(signs()).toHaveLength(2));
    page.hide(false);
    await eventually(() => expect(Object.keys(page.tops())).toEqual(['a', 'b', 'c']));
    expect(signs()).toHaveLength(0);
  });

  it('take no room where there are none', () => {
    const { margin, threads } = marginOf([], 1000);
    expect(margin.isAttached).toBe(false);
    threads.all = [on(2, 'a')];
    expect(margin.isAttached).toBe(true);
    threads.all = [];
    expect(margin.hasClass('jp-mod-empty')).toBe(true);
  });
});
