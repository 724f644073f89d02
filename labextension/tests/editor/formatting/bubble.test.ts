import { EditorState } from '@codemirror/state';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { formattingBubble, setBubbleActions, toggleInline } from '../../../src/editor/formatting';
import { editorOf, markedText } from './kit';

const bubble = formattingBubble({
  label: 'Format',
  actions: [
    { label: 'Bold', sign: 'B', run: view => toggleInline(view, '**') },
    { label: 'Italic', sign: 'I', run: view => toggleInline(view, '*') }
  ]
});

const shown = () => document.querySelector('.jp-SpecBubble');
const focused = () => document.activeElement?.textContent;

function press(target: Element, key: string, options: KeyboardEventInit = {}): void {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options });
  target.dispatchEvent(event);
}

afterEach(() => document.body.replaceChildren());

describe('the toolbar at a selection', () => {
  it('comes up by its keys, and is worked by them', async () => {
    const view = editorOf('one ⟦two⟧ three', bubble);
    view.focus();
    press(view.contentDOM, 'F10', { altKey: true, keyCode: 121 });
    await vi.waitFor(() => expect(focused()).toBe('B'));
    press(document.activeElement!, 'ArrowRight');
    expect(focused()).toBe('I');
    press(document.activeElement!, 'ArrowLeft');
    document.querySelector<HTMLButtonElement>('.jp-SpecBubble button')!.click();
    expect(markedText(view)).toBe('one **⟦two⟧** three');
    expect(document.activeElement).toBe(view.contentDOM);
    view.destroy();
  });

  it('comes when the keys that selected are released, and goes when one types', async () => {
    const view = editorOf('one ⟦two⟧ three', bubble);
    view.focus();
    view.contentDOM.dispatchEvent(
      new KeyboardEvent('keyup', { key: 'ArrowRight', shiftKey: true, bubbles: true })
    );
    await vi.waitFor(() => expect(shown()).not.toBeNull());
    view.dispatch({ changes: { from: 4, to: 7, insert: 'x' }, userEvent: 'input.type' });
    expect(shown()).toBeNull();
    view.destroy();
  });

  it('does not come without a selection', () => {
    const view = editorOf('one¦', bubble);
    view.focus();
    press(view.contentDOM, 'F10', { altKey: true, keyCode: 121 });
    expect(shown()).toBeNull();
    view.destroy();
  });

  it('offers in a text that can’t be edited what changes nothing of it, where that is possible', async () => {
    const view = editorOf('one ⟦two⟧ three', [bubble, EditorState.readOnly.of(true)]);
    view.focus();
    const open = () => press(view.contentDOM, 'F10', { altKey: true, keyCode: 121 });
    open();
    expect(shown()).toBeNull();
    let isPossible = false;
    const run = vi.fn(() => true);
    const comment = { label: 'Comment', sign: 'C', isLeaving: true, run };
    setBubbleActions(view, { actions: [comment], isPossible: () => isPossible });
    open();
    expect(shown()).toBeNull();
    isPossible = true;
    open();
    await vi.waitFor(() => expect(focused()).toBe('C'));
    expect(shown()?.textContent).toBe('C');
    shown()!.querySelector('button')!.click();
    expect(run).toHaveBeenCalledOnce();
    view.destroy();
  });
});
