import type { ChangeSet } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type FileChange, YFile } from '@jupyter/ydoc';

import { redoOwn, undoOwn } from '../editor';
import type { SpecConnection } from '../session';

/**
 * The text of a spec as JupyterLab's extensions of editors know texts.
 *
 * JupyterLab binds each editor to a Yjs text. The text of a spec is its connection's: reading, editing and undo go
 * there, and the Yjs document, of which some extensions want to have one, stays empty.
 *
 * Law (`codeEditor.test.ts`): an editor with JupyterLab's binding has the connection's text, and the Yjs text has none.
 */
export class SpecText extends YFile {
  private view: EditorView | null = null;

  constructor(private readonly connection: SpecConnection) {
    super();
    // JupyterLab's binding writes each change of an editor in a transaction of this document.
    this.ydoc.transact = () => undefined as never;
  }

  /** Among the extensions of the editor that shows the text. */
  readonly following = EditorView.updateListener.of(({ docChanged, changes }) => {
    if (docChanged) {
      this._changed.emit({ sourceChange: deltaOf(changes) });
    }
  });

  /** Edits and undo go through this view. */
  bind(view: EditorView): void {
    this.view = view;
  }

  override get source(): string {
    return this.getSource();
  }

  override set source(value: string) {
    this.setSource(value);
  }

  override getSource(): string {
    return (this.view?.state.doc ?? this.connection.document).toString();
  }

  override setSource(value: string): void {
    this.updateSource(0, this.view?.state.doc.length ?? 0, value);
  }

  override updateSource(start: number, end: number, value = ''): void {
    this.view?.dispatch({ changes: { from: start, to: end, insert: value }, userEvent: 'input' });
  }

  override canUndo(): boolean {
    return this.connection.canUndo;
  }

  override canRedo(): boolean {
    return this.connection.canRedo;
  }

  override undo(): boolean {
    return this.view !== null && this.canUndo() && undoOwn(this.view);
  }

  override redo(): boolean {
    return this.view !== null && this.canRedo() && redoOwn(this.view);
  }

  /** Does nothing: what was typed can be undone as long as the page is open. */
  override clearUndoHistory(): void {}

  override transact(edit: () => void): void {
    edit();
  }
}

/** The changes as Yjs would tell of them. */
function deltaOf(changes: ChangeSet): FileChange['sourceChange'] {
  const delta: NonNullable<FileChange['sourceChange']> = [];
  let position = 0;
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    delta.push(...(from > position ? [{ retain: from - position }] : []));
    delta.push(
      ...(inserted.length > 0 ? [{ insert: inserted.sliceString(0, inserted.length, '\n') }] : [])
    );
    delta.push(...(to > from ? [{ delete: to - from }] : []));
    position = to;
  });
  return delta;
}
