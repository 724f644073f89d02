import { insertNewlineAndIndent } from '@codemirror/commands';
import { keymap } from '@codemirror/view';

/** Shift+Enter begins a new line, without going on with a list. JupyterLab's editors leave it to notebooks. */
export const lineBreak = keymap.of([{ key: 'Shift-Enter', run: insertNewlineAndIndent }]);
