import type { IRouter, JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ISpecDocuments } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { unawaited } from '../ui/failure';

const PARAMETER = 'spec';
/** Milliseconds to wait for the file that the same URL opens. */
const FILE_TIMEOUT = 30_000;

/**
 * Opens the spec that `?spec=<id>` in the page's URL names, at the heading that `#<heading>` names.
 *
 * If the URL opens a file too, the spec is shown beside it.
 */
export function addSpecRoute(
  app: JupyterFrontEnd,
  router: IRouter,
  documents: ISpecDocuments,
  trans: TranslationBundle
): void {
  app.commands.addCommand(CommandIDs.openFromAddress, {
    execute: args => {
      const { path, search, hash } = args as unknown as IRouter.ILocation;
      const parameters = new URLSearchParams(search);
      const specId = parameters.get(PARAMETER);
      if (!specId) {
        return;
      }
      parameters.delete(PARAMETER);
      const rest = parameters.toString();
      router.navigate(`${path}${rest && `?${rest}`}`, { skipRouting: true });
      // Not awaited: the router opens the file only after this command has finished.
      const opened = openBeside(app, documents, specId, {
        isWithFile: /\/tree\/./.test(path),
        heading: headingOf(hash)
      });
      unawaited(opened, trans.__('The spec could not be opened.'), trans);
    }
  });
  router.register({ command: CommandIDs.openFromAddress, pattern: /[?&]spec=/, rank: 40 });
}

/** The id of a heading behind the `#` of an address; empty if there is none. */
function headingOf(hash: string | undefined): string {
  try {
    return decodeURIComponent((hash ?? '').replace(/^#/, ''));
  } catch {
    return '';
  }
}

async function openBeside(
  app: JupyterFrontEnd,
  documents: ISpecDocuments,
  specId: string,
  { isWithFile, heading }: { readonly isWithFile: boolean; readonly heading: string }
): Promise<void> {
  await app.restored;
  const file = isWithFile ? await currentFile(app) : null;
  documents.open(specId, { heading, ...(file && { mode: 'split-right', ref: file }) });
}

/** The id of the current document as soon as there is one; `null` if none is opened in time. */
async function currentFile(app: JupyterFrontEnd): Promise<string | null> {
  const deadline = performance.now() + FILE_TIMEOUT;
  for (;;) {
    const widget = app.shell.currentWidget;
    if (widget && 'context' in widget) {
      return widget.id;
    }
    if (performance.now() > deadline) {
      return null;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
