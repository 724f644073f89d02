import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  addIcon,
  copyIcon,
  deleteIcon,
  downloadIcon,
  editIcon,
  fileUploadIcon,
  refreshIcon,
  shareIcon
} from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { Role } from '../protocol';
import { allows } from '../server/roles';
import type { ISpecDocuments } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { specIcon } from '../ui/icons';
import type { CreatedSpec, SpecActions } from './actions';
import type { Deletion } from './deletion';
import type { SpecList } from './list';
import { SPEC_ID } from './row';

export interface CommandServices {
  readonly app: JupyterFrontEnd;
  readonly list: SpecList;
  readonly actions: SpecActions;
  readonly deletion: Deletion;
  readonly documents: ISpecDocuments;
  /** Lets the user change a title in the list; `false` if it isn't shown there. */
  renameInList(specId: string): boolean;
  readonly fileBrowsers: IFileBrowserFactory | null;
  readonly trans: TranslationBundle;
}

/** Adds the commands about whole specs. Without the argument `specId` they are about the current spec. */
export function addCommands(services: CommandServices): void {
  addListCommands(services);
  addRowCommands(services);
}

function addListCommands({
  app,
  list,
  actions,
  documents,
  fileBrowsers,
  trans
}: CommandServices): void {
  const { commands } = app;
  commands.addCommand(CommandIDs.create, {
    label: args => (args['isLauncher'] ? trans.__('New spec') : trans.__('New Spec…')),
    caption: trans.__('Begin a Markdown spec that several people can write at once'),
    icon: args => (args['isLauncher'] ? specIcon : addIcon),
    execute: async ({ title, content, notebook, mode, ref }) => {
      const made =
        typeof content === 'string'
          ? await actions.createFrom(String(title), content)
          : await actions.create(typeof notebook === 'string' ? notebook : undefined);
      const caret = made && 'caret' in made ? (made as CreatedSpec).caret : null;
      const at = caret === null ? {} : { at: { position: caret } };
      const beside = isSplit(mode) && typeof ref === 'string' ? { mode, ref } : {};
      return made && documents.open(made.specId, { title: made.title, ...beside, ...at });
    }
  });
  commands.addCommand(CommandIDs.importFile, {
    label: args =>
      args['isLauncher'] ? trans.__('Import Markdown') : trans.__('Import Markdown as Spec…'),
    caption: trans.__('Make shared specs of Markdown files from your computer'),
    icon: fileUploadIcon,
    execute: async () => {
      for (const entry of await actions.importFiles()) {
        documents.open(entry.specId, { title: entry.title });
      }
    }
  });
  commands.addCommand(CommandIDs.importFromFileBrowser, {
    label: trans.__('Open as Shared Spec'),
    caption: trans.__('Open the spec of this file, or make one; the file stays as it is'),
    icon: specIcon,
    execute: async () => {
      for (const { path, name } of fileBrowsers?.tracker.currentWidget?.selectedItems() ?? []) {
        const entry = await actions.importWorkspaceFile(path, name);
        if (entry) {
          documents.open(entry.specId, { title: entry.title });
        }
      }
    }
  });
  commands.addCommand(CommandIDs.refresh, {
    label: trans.__('Refresh Specs'),
    caption: trans.__('Look at the server for new specs'),
    icon: refreshIcon,
    execute: () => list.refresh()
  });
}

function addRowCommands(services: CommandServices): void {
  const { app, list, actions, deletion, documents, trans } = services;
  const { commands } = app;
  const target = (args: ReadonlyPartialJSONObject) => targetOf(app, documents, args);
  const add = (
    id: string,
    options: Omit<CommandRegistry.ICommandOptions, 'execute'>,
    required: Role,
    run: (specId: string, args: ReadonlyPartialJSONObject) => unknown
  ) =>
    commands.addCommand(id, {
      ...options,
      isEnabled: args => {
        const specId = target(args);
        const role = specId ? list.find(specId)?.role : undefined;
        return specId !== null && (role === undefined || allows(role, required));
      },
      execute: args => {
        const specId = target(args);
        return specId === null ? undefined : run(specId, args);
      }
    });

  const named = (specId: string, args: ReadonlyPartialJSONObject) =>
    list.find(specId)?.title ?? String(args['title'] ?? '');
  add(CommandIDs.open, { label: trans.__('Open Spec'), icon: specIcon }, 'viewer', (specId, args) =>
    documents.open(specId, {
      title: named(specId, args),
      ...(typeof args['heading'] === 'string' ? { heading: args['heading'] } : {})
    })
  );
  add(
    CommandIDs.openBeside,
    { label: trans.__('Open Beside'), icon: specIcon },
    'viewer',
    (specId, args) => documents.open(specId, { mode: 'split-right', title: named(specId, args) })
  );
  add(
    CommandIDs.rename,
    { label: trans.__('Rename Spec…'), icon: editIcon },
    'contributor',
    (specId, args) =>
      args['isRow'] && services.renameInList(specId) ? undefined : actions.rename(specId)
  );
  add(
    CommandIDs.share,
    {
      label: args => (args['isToolbar'] ? trans.__('Share') : trans.__('Share Spec…')),
      caption: trans.__('See who may view and edit this spec, and share it'),
      icon: shareIcon
    },
    'viewer',
    specId => actions.share(specId)
  );
  add(
    CommandIDs.copyLink,
    { label: trans.__('Copy Link to Spec'), icon: copyIcon },
    'viewer',
    specId => actions.copyLink(specId)
  );
  add(
    CommandIDs.export,
    { label: trans.__('Download Spec as Markdown'), icon: downloadIcon },
    'viewer',
    specId => actions.exportFile(specId)
  );
  add(CommandIDs.delete, { label: trans.__('Delete Spec'), icon: deleteIcon }, 'owner', specId =>
    deletion.delete(specId)
  );
}

function isSplit(mode: unknown): mode is 'split-right' {
  return mode === 'split-right';
}

/** The spec that a command is about. The row under the context menu counts only for items of that menu. */
export function targetOf(
  app: JupyterFrontEnd,
  documents: ISpecDocuments,
  args: ReadonlyPartialJSONObject
): string | null {
  if (typeof args['specId'] === 'string') {
    return args['specId'];
  }
  if (args['isContextMenu']) {
    const row = app.contextMenuHitTest(node => node.hasAttribute(SPEC_ID));
    return row?.getAttribute(SPEC_ID) ?? null;
  }
  return documents.current;
}
