import '../kit/lab';
import '../editor/kit/layout';

import { afterEach, expect, it, vi } from 'vitest';

import type { SpecDocument } from '../../src/document/document';
import type { Role } from '../../src/protocol';
import { addPreviewBubble } from '../../src/threads/previewBubble';
import { button, trans } from './context';

const stops: (() => void)[] = [];

afterEach(() => {
  stops.splice(0).forEach(stop => stop());
  document.body.replaceChildren();
});

/** A spec whose preview shows some words, and the toolbar beside what is selected in it. */
function scene(role: Role = 'commenter') {
  const node = document.createElement('div');
  node.tabIndex = -1;
  node.textContent = 'The quick brown fox';
  document.body.append(node);
  const preview = { node, selectedSource: null as { from: number; to: number } | null };
  const state = { role };
  const spec = { content: { preview }, connection: { state } } as unknown as SpecDocument;
  const begin = vi.fn();
  const stop = addPreviewBubble(spec, trans, begin);
  stops.push(stop);
  const bubble = () => document.querySelector<HTMLElement>('.jp-ThreadBubble');
  /** Selects words, and releases the button of the mouse. */
  const select = async (from: number, to: number, end: Event = new MouseEvent('mouseup')) => {
    document.getSelection()!.setBaseAndExtent(node.firstChild!, from, node.firstChild!, to);
    preview.selectedSource = from < to ? { from, to } : null;
    node.dispatchEvent(end);
    await new Promise(resolve => setTimeout(resolve, 1));
  };
  return { node, preview, state, begin, stop, bubble, select };
}

const escape = () => new KeyboardEvent('keydown', { key: 'Escape', bubbles: true });

it('what is selected in the preview can be commented on, and other words suggested', async () => {
  const { begin, bubble, select } = scene();
  expect(bubble()).toBeNull();
  await select(4, 9);
  expect(bubble()!.getAttribute('role')).toBe('toolbar');
  expect(bubble()!.getAttribute('aria-label')).toBe('Write about what is selected');
  const press = new MouseEvent('mousedown', { cancelable: true });
  button(bubble()!, 'Comment').dispatchEvent(press);
  expect(press.defaultPrevented).toBe(true); // what is selected stays so
  button(bubble()!, 'Comment').click();
  expect(begin).toHaveBeenCalledWith('comment');
  expect(bubble()).toBeNull();
  await select(4, 9, new KeyboardEvent('keyup', { shiftKey: true }));
  button(bubble()!, 'Suggest').click();
  expect(begin).toHaveBeenLastCalledWith('suggestion');
});

it('nothing is offered where nothing is selected, nor to who only views', async () => {
  const { bubble, select, state } = scene('viewer');
  await select(4, 9);
  expect(bubble()).toBeNull();
  state.role = 'commenter';
  await select(4, 4);
  expect(bubble()).toBeNull();
  await select(4, 9, new KeyboardEvent('keyup'));
  expect(bubble()).toBeNull(); // a key that selects nothing
  await select(4, 9);
  expect(bubble()).not.toBeNull();
});

it('what is offered goes with the selection, by Escape, and when one goes elsewhere', async () => {
  const { node, bubble, select } = scene();
  const again = async () => {
    await select(4, 9);
    expect(bubble()).not.toBeNull();
  };
  await again();
  document.getSelection()!.removeAllRanges();
  document.dispatchEvent(new Event('selectionchange'));
  expect(bubble()).toBeNull();
  for (const target of [() => node, () => bubble()!]) {
    await again();
    target().dispatchEvent(escape());
    expect(bubble()).toBeNull();
  }
  await again();
  node.dispatchEvent(new Event('scroll'));
  expect(bubble()).toBeNull();
  await again();
  node.focus();
  expect(bubble()).not.toBeNull();
  const other = document.createElement('input');
  document.body.append(other);
  other.focus();
  expect(bubble()).toBeNull();
});

it('ends with its spec, also while it waits for what is selected', async () => {
  const { bubble, select, stop } = scene();
  await select(4, 9);
  stop();
  expect(bubble()).toBeNull();
  const later = select(4, 9);
  await later;
  expect(bubble()).toBeNull();
});
