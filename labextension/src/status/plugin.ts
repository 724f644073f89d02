import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { SpecDocument } from '../document/document';
import { DOMAIN } from '../ui/translation';
import { StatusItem } from './statusItem';
import { WordCountItem } from './wordCountItem';

const ID = 'jupyter-speccollab:status';

const status: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'The connection of the current spec and its number of words in the status bar.',
  autoStart: true,
  requires: [IStatusBar],
  optional: [ITranslator],
  activate: ({ shell }: JupyterFrontEnd, statusBar: IStatusBar, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const item = new StatusItem(trans);
    const words = new WordCountItem(trans);
    shell.currentChanged?.connect(() => {
      const current = shell.currentWidget instanceof SpecDocument ? shell.currentWidget : null;
      item.connection = current?.connection ?? null;
      words.follow(current?.content.editor ?? null);
    });
    statusBar.registerStatusItem(`${ID}-words`, {
      item: words,
      align: 'right',
      rank: 11,
      isActive: () => words.isActive,
      activeStateChanged: words.activeChanged
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
