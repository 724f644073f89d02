import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { SpecConnection } from '../session';
import { DOMAIN } from '../ui/translation';
import { HeldDialogs } from './heldDialogs';

export const heldDialogsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:held-dialogs',
  description: 'Keeps dialogs that nobody asked for away from somebody who writes in a spec.',
  autoStart: true,
  optional: [ITranslator],
  activate: (_app, translator: ITranslator | null) => {
    const language = translator ?? nullTranslator;
    const dialogs = new HeldDialogs({
      isReachable: () => SpecConnection.isReachable,
      trans: language.load(DOMAIN),
      labTrans: language.load('jupyterlab')
    });
    dialogs.begin();
  }
};
