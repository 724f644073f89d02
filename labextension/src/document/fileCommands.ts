import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { CommandIDs } from '../ui/commandIds';
import { inBackground } from '../ui/failure';
import { SpecDocument } from './document';

/** JupyterLab's commands for files in the File menu, and what each does with a spec. */
const FILE_COMMANDS = {
  'docmanager:save': CommandIDs.save,
  'docmanager:rename': CommandIDs.rename,
  'docmanager:download': CommandIDs.export
} as const;

type KeptCommand = Pick<
  Required<CommandRegistry.ICommandOptions>,
  'execute' | 'isEnabled' | 'label' | 'caption'
>;

/** Lets Save, Rename and Download of the File menu, and their keys, act on the current spec. */
export function addFileCommands(app: JupyterFrontEnd, trans: TranslationBundle): void {
  const { commands, shell } = app;
  const current = () => (shell.currentWidget instanceof SpecDocument ? shell.currentWidget : null);
  commands.addCommand(CommandIDs.save, {
    label: trans.__('Save Spec'),
    caption: trans.__(
      'Edits are saved as you make them. While you are offline, this connects anew.'
    ),
    isEnabled: () => current() !== null,
    execute: () => {
      const connection = current()?.connection;
      if (connection?.state.status === 'offline') {
        connection.reconnectNow();
      }
    }
  });
  const labels = {
    'docmanager:save': trans.__('Save Spec'),
    'docmanager:rename': trans.__('Rename Spec…'),
    'docmanager:download': trans.__('Download Spec')
  };
  const started = app.started.then(() => {
    for (const [id, ours] of Object.entries(FILE_COMMANDS) as [keyof typeof labels, string][]) {
      const isOurs = () => current() !== null;
      extend(commands, id, isOurs, {
        label: labels[id],
        caption: () => commands.caption(ours),
        isEnabled: () => commands.isEnabled(ours),
        execute: () => commands.execute(ours)
      });
    }
    shell.currentChanged?.connect(() =>
      Object.keys(FILE_COMMANDS)
        .filter(id => commands.hasCommand(id))
        .forEach(id => commands.notifyCommandChanged(id))
    );
  });
  inBackground(started);
}

/**
 * Lets an existing command do something else while `isOurs()`.
 *
 * JupyterLab's commands for files serve only what has a file, and Lumino offers no way to extend a command; so this
 * replaces its entry in Lumino's table. Where that table has another form, the command stays as it is.
 */
function extend(
  commands: CommandRegistry,
  id: string,
  isOurs: () => boolean,
  ours: KeptCommand
): void {
  const { _commands: table } = commands as unknown as { _commands?: Map<string, KeptCommand> };
  const theirs = table?.get(id);
  if (table && theirs) {
    const choose = (name: keyof KeptCommand) => (args: ReadonlyPartialJSONObject) => {
      const chosen = (isOurs() ? ours : theirs)[name];
      return typeof chosen === 'function' ? chosen.call(undefined, args) : chosen;
    };
    table.set(id, {
      ...theirs,
      label: choose('label') as KeptCommand['label'],
      caption: choose('caption') as KeptCommand['caption'],
      isEnabled: choose('isEnabled') as KeptCommand['isEnabled'],
      execute: choose('execute') as KeptCommand['execute']
    });
    commands.notifyCommandChanged(id);
  }
}
