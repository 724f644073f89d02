import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { deleteIcon } from '@jupyterlab/ui-components';

import type { FileSpecs } from '../server/fileSpecs';
import { allows } from '../server/roles';
import type { SpecServer } from '../server/server';
import { SpecOfFile } from '../server/specOfFile';
import { IFileSpecs, ISpecDocuments, ISpecServer } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { logged, unawaited } from '../ui/failure';
import { specIcon } from '../ui/icons';
import { DOMAIN } from '../ui/translation';
import { SpecActions } from './actions';
import { addCommands } from './commands';
import { Deletion } from './deletion';
import { SpecList } from './list';
import { SpecsPanel } from './panel';
import { dragRow } from './rowDrag';

const panel: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:panel',
  description: 'The list of shared specs in the left sidebar, and what can be done with them.',
  autoStart: true,
  requires: [ISpecServer, ISpecDocuments, IFileSpecs],
  optional: [ITranslator, ILayoutRestorer, ICommandPalette, ILauncher, IFileBrowserFactory],
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    documents: ISpecDocuments,
    fileSpecs: FileSpecs,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    fileBrowsers: IFileBrowserFactory | null
  ) => {
    const { commands } = app;
    const language = translator ?? nullTranslator;
    const trans = language.load(DOMAIN);
    const list = new SpecList(server.specs, logged);
    const trash = new SpecList(
      { list: query => server.specs.list({ ...query, trashed: true }) },
      logged
    );
    const files = new SpecOfFile(fileSpecs, server.specs);
    const actions = new SpecActions(
      server,
      list,
      app.serviceManager.contents,
      files,
      () => app.serviceManager.user.identity?.display_name,
      trans
    );
    const run = (command: string) =>
      unawaited(
        commands.execute(command),
        trans.__('“%1” failed.', commands.label(command)),
        trans
      );
    const deletion = new Deletion({
      specs: server.specs,
      list,
      trash,
      documents,
      me: () => server.me,
      trans
    });
    addCommands({
      app,
      list,
      actions,
      deletion,
      documents,
      fileBrowsers,
      trans,
      renameInList: specId => specs.rename(specId)
    });

    const locale = language.languageCode.replace('_', '-');
    const specs = new SpecsPanel({
      commands,
      trans,
      list: {
        list,
        rescues: server.rescues,
        trans,
        locale,
        actions: {
          open: ({ specId, title, snippet }, words) =>
            documents.open(specId, {
              title,
              ...(snippet ? { at: { position: snippet.position, words } } : {})
            }),
          mayRename: ({ role }) => allows(role, 'contributor'),
          rename: (specId, title) => actions.renameTo(specId, title),
          pressed: ({ specId, title }, event) =>
            dragRow(event, title, () => {
              const id = documents.open(specId, { title });
              return [...app.shell.widgets('main')].find(each => each.id === id) ?? null;
            }),
          delete: async specId => {
            const args = { specId };
            if (commands.isEnabled(CommandIDs.delete, args)) {
              await commands.execute(CommandIDs.delete, args);
            }
          },
          create: () => run(CommandIDs.create),
          importFile: () => run(CommandIDs.importFile),
          showRescued: () => run(CommandIDs.showRescued)
        }
      },
      trash: {
        trash,
        trans,
        locale,
        restore: entry => deletion.restore(entry),
        end: entry => deletion.end(entry)
      }
    });
    commands.addCommand(CommandIDs.showTrash, {
      label: trans.__('Show Trash of Specs'),
      caption: trans.__('Restore a deleted spec, or delete it forever'),
      icon: deleteIcon,
      execute: () => {
        app.shell.activateById(specs.id);
        specs.showTrash();
      }
    });
    commands.addCommand(CommandIDs.showSpecs, {
      label: trans.__('Specs'),
      caption: trans.__('Show the list of shared specs'),
      icon: specIcon,
      execute: () => app.shell.activateById(specs.id)
    });
    documents.currentChanged.connect((_, current) => (specs.current = current));
    server.news.changed.connect((_, { specId, news }) => list.take(specId, news));
    documents.accessChanged.connect(() => list.refreshSoon());
    list.changed.connect((_, { entries }) => {
      entries.forEach(({ specId, title }) => documents.rename(specId, title));
      server.mentions.heard(entries);
    });
    app.shell.add(specs, 'left', { rank: 250, type: 'Specs' });
    restorer?.add(specs, specs.id);

    const category = trans.__('Specs');
    for (const command of [
      CommandIDs.create,
      CommandIDs.importFile,
      CommandIDs.share,
      CommandIDs.rename,
      CommandIDs.copyLink,
      CommandIDs.export,
      CommandIDs.delete,
      CommandIDs.showTrash,
      CommandIDs.showSpecs
    ]) {
      palette?.addItem({ command, category });
    }
    const args = { isLauncher: true };
    launcher?.add({ command: CommandIDs.create, category, rank: 0, args });
    launcher?.add({ command: CommandIDs.importFile, category, rank: 1, args });
  }
};

export const specsPlugins = [panel];
