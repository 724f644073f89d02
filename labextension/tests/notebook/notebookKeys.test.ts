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
  ['notebook:undo-cell-action', 'Ctrl Shift Z', '[data-jp-undoer]'],
  ['speccollab:undo', 'Ctrl Z', '.jp-SpecPane']
].map(([command = '', key = '', selector = '']) => ({ command, keys: [key], selector }));

function inNotebook(classes: string): HTMLElement {
  document.body.innerHTML = `
    <div class="jp-NotebookPanel"><div class="jp-Notebook ${classes}"><div class="jp-Cell">
      <div class="jp-SpecOutput"><div class="jp-SpecPane"><p tabindex="0"></p></div></div>
    </div></div></div>`;
  const text = document.querySelector('p') as HTMLElement;
  text.focus();
  return text;
}

describe('keys that are typed into a spec in the output of a cell', () => {
  it('do not run or move the cell', () => {
    for (const classes of ['jp-mod-editMode', 'jp-mod-commandMode']) {
      expect(isNotebookKey(BINDINGS, 'Shift Enter', inNotebook(classes))).toBe(true);
    }
    expect(isNotebookKey(BINDINGS, 'Ctrl Enter', inNotebook('jp-mod-commandMode'))).toBe(true);
    expect(isNotebookKey(BINDINGS, 'X', inNotebook('jp-mod-commandMode'))).toBe(true);
  });

  it('reach the application: Ctrl+S saves the notebook', () => {
    expect(isNotebookKey(BINDINGS, 'Ctrl S', inNotebook('jp-mod-editMode'))).toBe(false);
  });

  it('reach the spec, and what is bound elsewhere is not asked', () => {
    const text = inNotebook('jp-mod-commandMode jp-mod-readWrite');
    expect(isNotebookKey(BINDINGS, 'Ctrl Z', text)).toBe(false);
    expect(isNotebookKey(BINDINGS, 'X', text)).toBe(false);
    expect(isNotebookKey(BINDINGS, 'Ctrl Shift Z', text)).toBe(false);
  });
});
