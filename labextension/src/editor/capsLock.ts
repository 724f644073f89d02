import { type Extension, Prec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/**
 * Shortcuts mean the same with Caps Lock.
 *
 * With Caps Lock the browser reports Ctrl+Shift+Z as Ctrl and a small `z`, which is the key of another command.
 * What reads the event after this sees the letter as it is without Caps Lock.
 */
export const capsLock: Extension = Prec.highest(
  EditorView.domEventHandlers({
    keydown(event) {
      const meant = withoutCapsLock(event);
      if (meant !== null) {
        Object.defineProperty(event, 'key', { value: meant });
      }
      return false;
    }
  })
);

/** The letter of a shortcut as it is without Caps Lock; `null` where the event is to stay as it is. */
export function withoutCapsLock(event: KeyboardEvent): string | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  const isShortcut = (ctrlKey || metaKey) !== altKey || (metaKey && altKey);
  const isText = event.getModifierState('AltGraph') || event.isComposing;
  if (!isShortcut || isText || !event.getModifierState('CapsLock') || !/^\p{L}$/u.test(key)) {
    return null;
  }
  const meant = shiftKey ? key.toUpperCase() : key.toLowerCase();
  return meant === key || meant.length !== key.length ? null : meant;
}
