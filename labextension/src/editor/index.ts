/** The spec editor: CodeMirror bound to a connection, with the carets of others and undo of own edits. */

export { safeColour } from './colours';
export { initialsOf } from './initials';
export { createSpecEditor, revealUser, type SpecEditorOptions } from './specEditor';
export { redoOwn, undoOwn } from './undo';
