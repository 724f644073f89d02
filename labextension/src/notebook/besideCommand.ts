import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { idOf } from '../document/document';
import { SpecError } from '../server/error';
import type { FileSpecs } from '../server/fileSpecs';
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
  readonly files: FileSpecs;
  readonly trans: TranslationBundle;
}

/**
 * Adds "Show Spec Beside" and "Show Another Spec Beside".
 *
 * The spec of a notebook is the one that was chosen for it last, or else the only one whose front matter names it
 * (`notebook: analysis.ipynb`). Otherwise, and by the second command always, the user chooses.
 */
export function addBesideCommand(services: BesideServices): void {
  const { app, notebooks, trans } = services;
  const failed = trans.__('The spec could not be shown.');
  const isEnabled = () => notebooks.currentWidget !== null;
  app.commands.addCommand(CommandIDs.openBesideNotebook, {
    label: trans.__('Show Spec Beside'),
    caption: trans.__('Show the spec of this notebook beside it'),
    icon: specIcon,
    isEnabled,
    execute: args => told(() => show(services, args), failed, trans)
  });
  app.commands.addCommand(CommandIDs.chooseBesideNotebook, {
    label: trans.__('Show Another Spec Beside…'),
    caption: trans.__('Choose which spec belongs to this notebook'),
    icon: specIcon,
    isEnabled,
    execute: () => told(() => choose(services), failed, trans)
  });
}

/** Shows the spec of the notebook, or the one that is given. */
async function show(services: BesideServices, args: ReadonlyPartialJSONObject): Promise<void> {
  const notebook = services.notebooks.currentWidget;
  if (!notebook) {
    return;
  }
  const given = args['specId'] ?? (await services.files.find(notebook.context.path));
  const known = typeof given === 'string' ? await found(services, given) : null;
  const tied = known ? [] : await specsOf(services, notebook);
  const spec = known ?? (tied.length === 1 ? tied[0]! : null);
  await (spec ? open(services, notebook, spec) : ask(services, notebook, tied, null));
}

/** Lets the user choose, though a spec belongs to the notebook already. */
async function choose(services: BesideServices): Promise<void> {
  const notebook = services.notebooks.currentWidget;
  if (notebook) {
    const chosen = await services.files.find(notebook.context.path);
    const tied = await specsOf(services, notebook);
    await ask(services, notebook, tied, typeof chosen === 'string' ? chosen : null);
  }
}

async function ask(
  services: BesideServices,
  notebook: NotebookPanel,
  tied: readonly SpecEntry[],
  before: string | null
): Promise<void> {
  const { app, server, trans } = services;
  const name = PathExt.basename(notebook.context.path);
  const { chooseSpec, SpecChoice } = await import('./chooser');
  const choice = new SpecChoice(server, tied, before);
  const chosen = await chooseSpec(choice, name, trans);
  if (chosen === 'new') {
    const args = { notebook: name, mode: 'split-right', ref: notebook.id };
    const made: unknown = await app.commands.execute(CommandIDs.create, args);
    if (typeof made === 'string') {
      await services.files.remember(notebook.context.path, made.slice(idOf('').length));
    }
  } else if (chosen) {
    await open(services, notebook, chosen.spec);
  }
}

async function open(
  { documents, files }: BesideServices,
  notebook: NotebookPanel,
  { specId, title }: SpecEntry
): Promise<void> {
  await files.remember(notebook.context.path, specId);
  documents.open(specId, { mode: 'split-right', ref: notebook.id, title });
}

/** The spec with this id; `null` if it was deleted, or is not shared any more. */
async function found({ server }: BesideServices, specId: string): Promise<SpecEntry | null> {
  return server.specs.get(specId).catch((error: unknown) => {
    if (error instanceof SpecError && error.code === 'SPEC_NOT_FOUND') {
      return null;
    }
    throw error;
  });
}

/** The specs whose front matter names the notebook. */
async function specsOf({ server }: BesideServices, notebook: NotebookPanel) {
  const { specs } = await server.specs.list({ notebook: notebook.context.path, limit: 200 });
  return specs;
}
