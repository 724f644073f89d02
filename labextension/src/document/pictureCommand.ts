import type { IWidgetTracker, ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { chooseFiles } from '../ui/files';
import { CommandIDs } from '../ui/commandIds';
import { TYPES } from '../attachments/accepted';
import { pictureIcon } from '../preview/icons';
import type { SpecDocument } from './document';

/** Adds the command that puts pictures of the user's computer into the current spec, or into that of `specId`. */
export function addPictureCommand(
  commands: CommandRegistry,
  tracker: IWidgetTracker<SpecDocument>,
  trans: TranslationBundle,
  palette: ICommandPalette | null
): void {
  const target = ({ specId }: ReadonlyPartialJSONObject) =>
    (specId ? tracker.find(widget => widget.specId === specId) : tracker.currentWidget) ?? null;
  commands.addCommand(CommandIDs.insertPicture, {
    label: args => (args['isToolbar'] ? '' : trans.__('Insert Picture…')),
    caption: trans.__('Insert pictures; you can also paste them, or drop them on the text'),
    icon: pictureIcon,
    isEnabled: args => target(args)?.connection.state.canEdit ?? false,
    execute: async args => {
      const widget = target(args);
      const files = widget ? await chooseFiles(TYPES.join(',')) : [];
      if (widget && !widget.isDisposed && files.length > 0) {
        const { editor, pictures } = widget.content;
        await pictures.insert(editor, files, editor.state.selection.main.head);
        editor.focus();
      }
    }
  });
  palette?.addItem({ command: CommandIDs.insertPicture, category: trans.__('Specs') });
  tracker.widgetAdded.connect((_, { connection, disposed }) => {
    let couldEdit = connection.state.canEdit;
    const unsubscribe = connection.subscribe(({ canEdit }) => {
      if (canEdit !== couldEdit) {
        couldEdit = canEdit;
        commands.notifyCommandChanged(CommandIDs.insertPicture);
      }
    });
    disposed.connect(unsubscribe);
  });
}
