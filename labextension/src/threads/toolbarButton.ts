import { CommandToolbarButton } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

import type { SpecDocument } from '../document/document';
import { CommandIDs } from '../ui/commandIds';

/** Adds to a spec's toolbar the button that shows its comments, with how many are open. */
export function addButton({ toolbar, specId }: SpecDocument, commands: CommandRegistry): void {
  const args = { specId, isToolbar: true };
  const button = new CommandToolbarButton({ commands, id: CommandIDs.showComments, args });
  button.addClass('jp-Threads-button');
  toolbar.insertBefore('history', 'comments', button);
}
