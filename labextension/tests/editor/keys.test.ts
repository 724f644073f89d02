import { keymap } from '@codemirror/view';
import { afterEach, describe, expect, it } from 'vitest';

import { withoutCapsLock } from '../../src/editor/capsLock';
import { clearDesks, desk, put, shown, type Writer } from './kit';

afterEach(clearDesks);

interface Key extends KeyboardEventInit {
  readonly key: string;
}

function press({ view }: Writer, key: Key): void {
  view.contentDOM.dispatchEvent(
    new KeyboardEvent('keydown', {
      bubbles: true,
      cancelable: true,
      keyCode: key.key.toUpperCase().charCodeAt(0),
      ...key
    })
  );
}

describe('Caps Lock', () => {
  it('leaves redo a redo, and undo an undo', () => {
    const { ann } = desk('');
    put(ann, 0, 'typed');
    press(ann, { key: 'Z', ctrlKey: true, modifierCapsLock: true });
    expect(shown(ann)).toBe('');
    press(ann, { key: 'z', ctrlKey: true, shiftKey: true, modifierCapsLock: true });
    expect(shown(ann)).toBe('typed');
    press(ann, { key: 'z', ctrlKey: true, shiftKey: true, modifierCapsLock: true });
    expect(shown(ann)).toBe('typed');
  });

  it('leaves each shortcut with a letter what it is, with every modifier', () => {
    const pressed: string[] = [];
    const bind = (key: string) => ({ key, run: () => pressed.push(key) > 0 });
    const keys = ['Ctrl-k', 'Ctrl-Shift-k', 'Alt-k', 'Alt-Shift-k', 'Ctrl-é'];
    const { ann } = desk('', keymap.of(keys.map(bind)));
    press(ann, { key: 'K', ctrlKey: true, modifierCapsLock: true });
    press(ann, { key: 'k', ctrlKey: true, shiftKey: true, modifierCapsLock: true });
    press(ann, { key: 'K', altKey: true, modifierCapsLock: true });
    press(ann, { key: 'k', altKey: true, shiftKey: true, modifierCapsLock: true });
    press(ann, { key: 'É', ctrlKey: true, modifierCapsLock: true });
    expect(pressed).toEqual(keys);
  });

  it.each<[string, Key]>([
    ['text', { key: 'A', modifierCapsLock: true }],
    [
      'AltGr and a letter',
      { key: 'Ą', ctrlKey: true, altKey: true, modifierAltGraph: true, modifierCapsLock: true }
    ],
    ['no letter', { key: 'Enter', ctrlKey: true, modifierCapsLock: true }],
    [
      'a letter without another case',
      { key: 'ß', ctrlKey: true, shiftKey: true, modifierCapsLock: true }
    ],
    ['no Caps Lock', { key: 'Z', ctrlKey: true, shiftKey: true }]
  ])('changes nothing: %s', (_, key) => {
    expect(withoutCapsLock(new KeyboardEvent('keydown', key))).toBeNull();
  });
});
