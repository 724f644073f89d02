/** The spec editor: CodeMirror bound to a connection, with the carets of others and undo of own edits. */

export { catchUp } from './collaboration';
export { isSpecEditor } from './connectionFacet';
export { safeColour, textOn } from './colours';
export type { DraftInView } from './draftMarks';
export { draftsIn } from './drafts';
export { goToLine } from './goToLine';
export { initialsOf } from './initials';
export { expanded, type Match } from './matches';
export { type Search, searchIn } from './search';
export {
  type EditorOutline,
  editorOutline,
  goToPosition,
  onOutline,
  toggleFold,
  whenOutlined
} from './outline';
export { revealUser, specEditing } from './specEditor';
export { redoOwn, undoOwn } from './undo';
export { onUpdate } from './updates';
export { onParsedText, parsedText } from './textParser';
