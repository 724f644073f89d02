import type { ICommandPalette } from '@jupyterlab/apputils';
import type { IMainMenu } from '@jupyterlab/mainmenu';
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../ui/commandIds';
import { formatGroups } from './formatting';

/** Puts the commands that format a spec into the Edit menu and the command palette. */
export function addFormatMenu(
  commands: CommandRegistry,
  trans: TranslationBundle,
  menu: IMainMenu | null,
  palette: ICommandPalette | null
): void {
  const groups = formatGroups(trans);
  for (const { id: command, args } of groups.flat()) {
    palette?.addItem({ command, args, category: trans.__('Specs') });
  }
  if (menu) {
    const submenu = new MenuSvg({ commands });
    submenu.id = 'jp-mainmenu-edit-format-spec';
    submenu.title.label = trans.__('Format Spec');
    groups.forEach((group, index) => {
      if (index > 0) {
        submenu.addItem({ type: 'separator' });
      }
      group.forEach(({ id: command, args }) => submenu.addItem({ command, args }));
    });
    submenu.addItem({ command: CommandIDs.insertPicture });
    menu.editMenu.addGroup([{ type: 'submenu', submenu }], 60);
  }
}
