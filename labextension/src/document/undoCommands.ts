import type { EditorView } from '@codemirror/view';
import type { IWidgetTracker } from '@jupyterlab/apputils';
import type { IMainMenu } from '@jupyterlab/mainmenu';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';

import { redoOwn, undoOwn } from '../editor';
import { CommandIDs } from '../ui/commandIds';
import type { SpecDocument } from './document';

/** Adds commands that undo and redo the user's own edits, also to the Edit menu. */
export function addUndoCommands(
  commands: CommandRegistry,
  tracker: IWidgetTracker<SpecDocument>,
  trans: TranslationBundle,
  menu: IMainMenu | null
): void {
  const current = () => tracker.currentWidget;
  const withEditor = (run: (view: EditorView) => boolean) => {
    const widget = current();
    return widget !== null && run(widget.content.editor);
  };
  commands.addCommand(CommandIDs.undo, {
    label: trans.__('Undo My Last Edit'),
    isEnabled: () => current()?.connection.canUndo ?? false,
    execute: () => withEditor(undoOwn)
  });
  commands.addCommand(CommandIDs.redo, {
    label: trans.__('Redo My Last Edit'),
    isEnabled: () => current()?.connection.canRedo ?? false,
    execute: () => withEditor(redoOwn)
  });
  const isEnabled = (widget: Widget) => tracker.has(widget);
  menu?.editMenu.undoers.undo.add({ id: CommandIDs.undo, isEnabled });
  menu?.editMenu.undoers.redo.add({ id: CommandIDs.redo, isEnabled });
}
