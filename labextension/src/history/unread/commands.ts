import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../../ui/commandIds';
import type { Reader } from './reader';

export interface UnreadCommandServices {
  readonly commands: CommandRegistry;
  readonly palette: ICommandPalette | null;
  readonly trans: TranslationBundle;
  /** The reader of the current spec. */
  current(): Reader | null;
  /** Shows what changed in the current spec; `null` where nothing can show that. */
  compare(): (() => void) | null;
}

/** Adds the commands that lead from one change since the last visit to the next. */
export function addUnreadCommands({
  commands,
  palette,
  trans,
  current,
  compare
}: UnreadCommandServices): void {
  const hasPlaces = () => current()?.hasPlaces ?? false;
  commands.addCommand(CommandIDs.nextChange, {
    label: trans.__('Next Change Since Your Last Visit'),
    isEnabled: hasPlaces,
    execute: () => current()?.go(1)
  });
  commands.addCommand(CommandIDs.previousChange, {
    label: trans.__('Previous Change Since Your Last Visit'),
    isEnabled: hasPlaces,
    execute: () => current()?.go(-1)
  });
  commands.addCommand(CommandIDs.showNewChanges, {
    label: trans.__('Show Changes Since Your Last Visit'),
    isEnabled: () => compare() !== null,
    execute: () => compare()?.()
  });
  commands.addCommand(CommandIDs.markRead, {
    label: trans.__('Mark All as Read'),
    caption: trans.__('Nothing in this spec is new to you any more'),
    isEnabled: () => hasPlaces() || (current()?.news ?? null) !== null,
    execute: () => current()?.markAll()
  });
  for (const command of [
    CommandIDs.nextChange,
    CommandIDs.previousChange,
    CommandIDs.showNewChanges,
    CommandIDs.markRead
  ]) {
    palette?.addItem({ command, category: trans.__('Specs') });
  }
}
