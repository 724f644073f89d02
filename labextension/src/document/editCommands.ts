import type { EditorView } from '@codemirror/view';
import { InputDialog, type IWidgetTracker } from '@jupyterlab/apputils';
import type { IMainMenu } from '@jupyterlab/mainmenu';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';

import { goToLine, redoOwn, undoOwn } from '../editor';
import { CommandIDs } from '../ui/commandIds';
import type { SpecDocument } from './document';

/** JupyterLab's search, by the ids of its commands. */
const LAB_SEARCH = {
  start: 'documentsearch:start',
  next: 'documentsearch:highlightNext',
  previous: 'documentsearch:highlightPrevious'
} as const;

/** The class that JupyterLab gives a widget while its search panel is open. */
const SEARCHING = 'jp-mod-search-active';

/** Adds the commands of the Edit menu for specs. */
export function addEditCommands(
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
  commands.addCommand(CommandIDs.goToLine, {
    label: trans.__('Go to Line…'),
    isEnabled: () => current() !== null,
    execute: async args => {
      const widget = current();
      const line =
        typeof args['line'] === 'number' ? args['line'] : widget && (await askLine(widget, trans));
      if (widget && !widget.isDisposed && typeof line === 'number') {
        goToLine(widget.content.editor, line);
        widget.activate();
      }
    }
  });
  const find = (id: string) => () =>
    commands.execute(current()?.hasClass(SEARCHING) ? id : LAB_SEARCH.start);
  const canFind = () => current() !== null && commands.hasCommand(LAB_SEARCH.start);
  // Without an open search they open one.
  commands.addCommand(CommandIDs.findNext, {
    label: trans.__('Find Next in Spec'),
    isEnabled: canFind,
    execute: find(LAB_SEARCH.next)
  });
  commands.addCommand(CommandIDs.findPrevious, {
    label: trans.__('Find Previous in Spec'),
    isEnabled: canFind,
    execute: find(LAB_SEARCH.previous)
  });
  const isEnabled = (widget: Widget) => tracker.has(widget);
  menu?.editMenu.undoers.undo.add({ id: CommandIDs.undo, isEnabled });
  menu?.editMenu.undoers.redo.add({ id: CommandIDs.redo, isEnabled });
  menu?.editMenu.goToLiners.add({ id: CommandIDs.goToLine, isEnabled });
}

async function askLine(
  { content }: SpecDocument,
  trans: TranslationBundle
): Promise<number | null> {
  const { doc, selection } = content.editor.state;
  const result = await InputDialog.getNumber({
    title: trans.__('Go to line'),
    label: trans.__('Line, from 1 to %1', doc.lines),
    value: doc.lineAt(selection.main.head).number,
    okLabel: trans.__('Go')
  });
  return result.button.accept ? result.value : null;
}
