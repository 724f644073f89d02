import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette, IWidgetTracker } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { besideIcon, previewIcon, sourceIcon } from '../preview/icons';
import { isMode, MODES, type PreviewMode } from '../preview/mode';
import type { PreviewPlace } from '../preview/place';
import { CommandIDs } from '../ui/commandIds';
import type { SpecDocument } from './document';

/** Adds the commands about the preview of the current spec. */
export function addPreviewCommands(
  { commands }: JupyterFrontEnd,
  tracker: IWidgetTracker<SpecDocument>,
  trans: TranslationBundle,
  palette: ICommandPalette | null
): void {
  const place = () => tracker.currentWidget?.content.preview ?? null;
  const isEnabled = () => place() !== null;
  const modes: Readonly<
    Record<PreviewMode, { readonly label: string; readonly icon: typeof sourceIcon }>
  > = {
    off: { label: trans.__('Source Only'), icon: sourceIcon },
    beside: { label: trans.__('Source and Preview'), icon: besideIcon },
    instead: { label: trans.__('Preview Only'), icon: previewIcon }
  };
  const changed = () => {
    [CommandIDs.showPreview, CommandIDs.scrollTogether].forEach(id =>
      commands.notifyCommandChanged(id)
    );
  };
  const run = (change: (place: PreviewPlace) => void) => {
    const current = place();
    if (current) {
      change(current);
      changed();
    }
  };
  commands.addCommand(CommandIDs.nextPreview, {
    label: trans.__('Next of Source, Both and Preview'),
    isEnabled,
    execute: () => run(current => current.chooseNext())
  });
  commands.addCommand(CommandIDs.showPreview, {
    label: ({ mode }) => (isMode(mode) ? modes[mode].label : trans.__('Show Preview')),
    icon: ({ mode }) => (isMode(mode) ? modes[mode].icon : previewIcon),
    isEnabled,
    isToggleable: true,
    isToggled: ({ mode }) => place()?.mode === mode,
    execute: ({ mode }) => run(current => current.choose(isMode(mode) ? mode : 'beside'))
  });
  commands.addCommand(CommandIDs.scrollTogether, {
    label: trans.__('Scroll Source and Preview Together'),
    isEnabled,
    isToggleable: true,
    isToggled: () => place()?.scrollsTogether ?? false,
    execute: () =>
      run(current => {
        current.scrollsTogether = !current.scrollsTogether;
      })
  });
  const category = trans.__('Specs');
  MODES.forEach(mode =>
    palette?.addItem({ command: CommandIDs.showPreview, args: { mode }, category })
  );
  palette?.addItem({ command: CommandIDs.nextPreview, category });
  palette?.addItem({ command: CommandIDs.scrollTogether, category });
  tracker.currentChanged.connect(changed);
}
