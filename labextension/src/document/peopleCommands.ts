import type { ICommandPalette, IWidgetTracker } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../ui/commandIds';
import type { SpecDocument } from './document';

/** Adds the commands about the people in a spec. */
export function addPeopleCommands(
  commands: CommandRegistry,
  tracker: IWidgetTracker<SpecDocument>,
  trans: TranslationBundle,
  palette: ICommandPalette | null
): void {
  const current = () => tracker.currentWidget?.people ?? null;
  commands.addCommand(CommandIDs.people, {
    label: trans.__('People in This Spec…'),
    caption: trans.__('Who is here, and where: go to them, or follow them'),
    isEnabled: () => current() !== null,
    execute: () => current()?.openMenu()
  });
  commands.addCommand(CommandIDs.bringEverybody, {
    label: trans.__('Bring Everybody to Me'),
    caption: trans.__('Ask all people in this spec to come to your caret'),
    isEnabled: () => current()?.mayBring ?? false,
    execute: () => current()?.bring()
  });
  for (const command of [CommandIDs.people, CommandIDs.bringEverybody]) {
    palette?.addItem({ command, category: trans.__('Specs') });
  }
}
