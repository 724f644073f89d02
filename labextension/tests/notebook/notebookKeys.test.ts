import { describe, expect, it } from 'vitest';

import { isNotebookKey, type KeyBinding } from '../../src/notebook/notebookKeys';

/** Some of JupyterLab's own bindings. */
const BINDINGS: KeyBinding[] = [
  ['docmanager:save', 'Ctrl S', 'body'],
  ['notebook:run-cell-and-select-next', 'Shift Enter', '.jp-Notebook.jp-mod-editMode'],
  [
    'notebook:run-cell-and-select-next',
    'Shift Enter',
    '.jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus'
  ],
  ['notebook:cut-cell', 'X', '.jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus'],
  ['runmenu:run', 'Ctrl Enter', '.jp-Notebook.jp-mod-commandMode'],
  ['editmenu:redo', 'Ctrl Shift Z', '[data-jp-undoer]'],
  ['runmenu:run', 'Shift Enter', '[data-jp-code-runner]'],
  ['speccollab:undo', 'Ctrl Z', '.jp-SpecPane']
].map(([command = '', key = '', selector = '']) => ({ command, keys: [key], selector }));

function inNotebook(classes: string): HTMLElement {
  document.body.innerHTML = `
    <div class="jp-NotebookPanel" data-jp-code-runner="true"><div class="jp-Notebook ${classes}"><div class="jp-Cell">
      <div class="jp-SpecOutput"><div class="jp-SpecPane"><p tabindex="0"></p></div></div>
    </div></div></div>`;
  const text = document.querySelector('p') as HTMLElement;
  text.focus();
  return text;
}

function isKept(keystroke: string, text: HTMLElement): boolean {
  const output = text.closest('.jp-SpecOutput');
  return output !== null && isNotebookKey(BINDINGS, keystroke, text, output);
}

describe('keys that are typed into a spec in the output of a cell', () => {
  it('do not run or move the cell', () => {
    for (const classes of ['jp-mod-editMode', 'jp-mod-commandMode', 'jp-mod-readWrite']) {
      expect(isKept('Shift Enter', inNotebook(classes))).toBe(true);
    }
    expect(isKept('Ctrl Enter', inNotebook('jp-mod-commandMode'))).toBe(true);
    expect(isKept('X', inNotebook('jp-mod-commandMode'))).toBe(true);
  });

  it('reach the application: Ctrl+S saves the notebook', () => {
    expect(isKept('Ctrl S', inNotebook('jp-mod-editMode'))).toBe(false);
  });

  it('reach the spec, and what is bound elsewhere is not asked', () => {
    const text = inNotebook('jp-mod-commandMode jp-mod-readWrite');
    expect(isKept('Ctrl Z', text)).toBe(false);
    expect(isKept('X', text)).toBe(false);
    expect(isKept('Ctrl Shift Z', text)).toBe(false);
  });
});
