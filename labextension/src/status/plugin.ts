import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { SpecDocument } from '../document/document';
import { DOMAIN } from '../ui/translation';
import { StatusItem } from './statusItem';

const ID = 'jupyter-speccollab:status';

const status: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'The connection of the current spec in the status bar.',
  autoStart: true,
  requires: [IStatusBar],
  optional: [ITranslator],
  activate: ({ shell }: JupyterFrontEnd, statusBar: IStatusBar, translator: ITranslator | null) => {
    const item = new StatusItem((translator ?? nullTranslator).load(DOMAIN));
    shell.currentChanged?.connect(() => {
      const widget = shell.currentWidget;
      item.connection = widget instanceof SpecDocument ? widget.connection : null;
    });
    statusBar.registerStatusItem(ID, {
      item,
      align: 'right',
      rank: 10,
      isActive: () => item.connection !== null,
      activeStateChanged: item.connectionChanged
    });
  }
};

export const statusPlugins = [status];
