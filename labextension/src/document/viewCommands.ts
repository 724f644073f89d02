import type { IWidgetTracker } from '@jupyterlab/apputils';
import type { IMainMenu } from '@jupyterlab/mainmenu';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';

import { CommandIDs } from '../ui/commandIds';
import type { SpecDocument } from './document';
import type { EditorConfiguration } from './editorConfiguration';

/** Adds the commands of the View menu for specs. Each changes the setting for all specs. */
export function addViewCommands(
  commands: CommandRegistry,
  tracker: IWidgetTracker<SpecDocument>,
  configuration: EditorConfiguration,
  trans: TranslationBundle,
  menu: IMainMenu | null
): void {
  const current = () => tracker.currentWidget;
  const add = (id: string, label: string, option: string) => {
    const isOn = () => current()?.content.codeEditor.getOption(option) === true;
    commands.addCommand(id, {
      label,
      isEnabled: () => current() !== null,
      isToggled: isOn,
      execute: async () => {
        await configuration.set(option, !isOn());
        commands.notifyCommandChanged(id);
      }
    });
    return { id, isEnabled: (widget: Widget) => tracker.has(widget) };
  };
  const numbers = add(CommandIDs.lineNumbers, trans.__('Show Line Numbers'), 'lineNumbers');
  const wrap = add(CommandIDs.lineWrap, trans.__('Wrap Words'), 'lineWrap');
  const brackets = add(CommandIDs.matchBrackets, trans.__('Match Brackets'), 'matchBrackets');
  menu?.viewMenu.editorViewers.toggleLineNumbers.add(numbers);
  menu?.viewMenu.editorViewers.toggleWordWrap.add(wrap);
  menu?.viewMenu.editorViewers.toggleMatchBrackets.add(brackets);
}
