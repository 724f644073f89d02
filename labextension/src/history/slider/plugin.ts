import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { SpecDocuments } from '../../document/documents';
import type { SpecServer } from '../../server/server';
import { ISpecDocuments, ISpecServer } from '../../tokens';
import { CommandIDs } from '../../ui/commandIds';
import { told } from '../../ui/failure';
import { DOMAIN, localeOf } from '../../ui/translation';
import { versionsIcon } from './icons';

const versions: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:versions',
  description: 'All versions of a spec on a slider, and as a film.',
  autoStart: true,
  requires: [ISpecServer, ISpecDocuments, IEditorLanguageRegistry],
  optional: [ITranslator, ICommandPalette, IMainMenu],
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    documents: ISpecDocuments,
    languages: IEditorLanguageRegistry,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    menu: IMainMenu | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const locale = localeOf(trans);
    const titleOf = (specId: string) =>
      documents instanceof SpecDocuments
        ? documents.tracker.find(each => each.specId === specId)?.title.label
        : undefined;
    app.commands.addCommand(CommandIDs.showVersions, {
      label: trans.__('Go Through the Versions'),
      caption: trans.__('Any version of this spec, on a slider or as a film'),
      icon: versionsIcon,
      isEnabled: args => typeof args['specId'] === 'string' || documents.current !== null,
      execute: args => {
        const specId = typeof args['specId'] === 'string' ? args['specId'] : documents.current;
        const version = typeof args['version'] === 'number' ? args['version'] : null;
        if (specId === null) {
          return undefined;
        }
        const opened = async () => {
          const { openVersions } = await import('./openVersions');
          const title = titleOf(specId) ?? trans.__('Spec');
          await openVersions({ app, server, languages, trans, locale }, specId, title, version);
        };
        return told(opened, trans.__('The versions can’t be shown.'), trans);
      }
    });
    palette?.addItem({ command: CommandIDs.showVersions, category: trans.__('Specs') });
    menu?.viewMenu.addGroup([{ command: CommandIDs.showVersions }], 30);
  }
};

export const sliderPlugins = [versions];
