import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { SpecServer } from '../server/server';
import type { SpecEntry } from '../server/specs';
import type { ISpecDocuments } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { told } from '../ui/failure';
import { specIcon } from '../ui/icons';

export interface BesideServices {
  readonly app: JupyterFrontEnd;
  readonly server: SpecServer;
  readonly documents: ISpecDocuments;
  readonly notebooks: INotebookTracker;
  readonly state: IStateDB | null;
  readonly trans: TranslationBundle;
}

/** Adds "Show Spec Beside". The command asks once which spec belongs to a notebook, and then remembers it. */
export function addBesideCommand(services: BesideServices): void {
  const { app, notebooks, trans } = services;
  app.commands.addCommand(CommandIDs.openBesideNotebook, {
    label: trans.__('Show Spec Beside'),
    caption: trans.__('Show the spec of this notebook beside it'),
    icon: specIcon,
    isEnabled: () => notebooks.currentWidget !== null,
    execute: args =>
      told(() => show(services, args), trans.__('The spec could not be shown.'), trans)
  });
}

async function show(
  { app, server, documents, notebooks, state, trans }: BesideServices,
  args: ReadonlyPartialJSONObject
): Promise<void> {
  const notebook = notebooks.currentWidget;
  if (!notebook) {
    return;
  }
  const key = `jupyter-speccollab:beside:${notebook.context.path}`;
  const given = args['specId'] ?? (await state?.fetch(key));
  const { specs } = await server.specs.list({ limit: 200 });
  const known = specs.find(({ specId }) => specId === given);
  const chosen = known ?? (await choose(specs, trans));
  if (chosen) {
    await state?.save(key, chosen.specId);
    documents.open(chosen.specId, {
      mode: 'split-right',
      ref: notebook.id,
      title: chosen.title
    });
  } else if (specs.length === 0) {
    await app.commands.execute(CommandIDs.create);
  }
}

async function choose(
  specs: readonly SpecEntry[],
  trans: TranslationBundle
): Promise<SpecEntry | undefined> {
  if (specs.length === 0) {
    return undefined;
  }
  const result = await InputDialog.getItem({
    title: trans.__('Which spec belongs to this notebook?'),
    items: specs.map(({ title }, index) => `${index + 1}. ${title}`),
    okLabel: trans.__('Show')
  });
  return result.button.accept ? specs[Number.parseInt(result.value ?? '', 10) - 1] : undefined;
}
