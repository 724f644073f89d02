import type { IWidgetTracker, ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { imageIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

import { chooseFiles } from '../ui/files';
import { CommandIDs } from '../ui/commandIds';
import { TYPES } from '../attachments/accepted';
import type { SpecDocument } from './document';

/** Adds the command that puts pictures of the user's computer into the current spec. */
export function addPictureCommand(
  commands: CommandRegistry,
  tracker: IWidgetTracker<SpecDocument>,
  trans: TranslationBundle,
  palette: ICommandPalette | null
): void {
  commands.addCommand(CommandIDs.insertPicture, {
    label: args => (args['isToolbar'] ? '' : trans.__('Insert Picture…')),
    caption: trans.__(
      'Put pictures into the spec; one can also paste them, or drop them on the text'
    ),
    icon: imageIcon,
    isEnabled: () => tracker.currentWidget?.connection.state.canEdit ?? false,
    execute: async () => {
      const widget = tracker.currentWidget;
      const files = widget ? await chooseFiles(TYPES.join(',')) : [];
      if (widget && !widget.isDisposed && files.length > 0) {
        const { editor, pictures } = widget.content;
        await pictures.insert(editor, files, editor.state.selection.main.head);
        editor.focus();
      }
    }
  });
  palette?.addItem({ command: CommandIDs.insertPicture, category: trans.__('Specs') });
}
