import type { TranslationBundle } from '@jupyterlab/translation';

import { asSpecError } from '../server/error';
import { errorSentence } from './errorSentence';

/**
 * Tells in the place of what could not be shown why, with a button that tries again; `failed` as in
 * {@link errorSentence}.
 */
export function failureNote(
  error: unknown,
  failed: string,
  trans: TranslationBundle,
  again: () => void
): HTMLElement {
  const note = document.createElement('div');
  note.className = 'jp-SpecFailure';
  note.setAttribute('role', 'alert');
  const sentence = document.createElement('p');
  sentence.textContent = errorSentence(asSpecError(error), failed, trans);
  const button = document.createElement('button');
  button.className = 'jp-mod-styled';
  button.textContent = trans.__('Try again');
  button.addEventListener('click', again);
  note.append(sentence, button);
  return note;
}
