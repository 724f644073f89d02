import type { IRouter, JupyterFrontEnd } from '@jupyterlab/application';

import { CommandIDs } from '../ui/commandIds';
import type { ISpecDocuments } from '../tokens';

const PARAMETER = 'spec';
/** Milliseconds to wait for the file that the same address opens. */
const FILE_WAIT = 30_000;

/** Opens the spec that `?spec=<id>` in the page's address names, beside the file where the address opens one too. */
export function routeSpecs(app: JupyterFrontEnd, router: IRouter, documents: ISpecDocuments): void {
  app.commands.addCommand(CommandIDs.openFromAddress, {
    execute: args => {
      const { path, search } = args as unknown as IRouter.ILocation;
      const parameters = new URLSearchParams(search);
      const specId = parameters.get(PARAMETER);
      if (!specId) {
        return;
      }
      parameters.delete(PARAMETER);
      const rest = parameters.toString();
      router.navigate(`${path}${rest && `?${rest}`}`, { skipRouting: true });
      // Not awaited: the router goes on to open the file only when this is done.
      void openBeside(app, documents, specId, /\/tree\/./.test(path));
    }
  });
  router.register({ command: CommandIDs.openFromAddress, pattern: /[?&]spec=/, rank: 40 });
}

async function openBeside(
  app: JupyterFrontEnd,
  documents: ISpecDocuments,
  specId: string,
  isWithFile: boolean
): Promise<void> {
  await app.restored;
  const file = isWithFile ? await fileInFront(app) : null;
  documents.open(specId, file ? { mode: 'split-right', ref: file } : {});
}

/** The id of the document that is in front, once there is one; `null` where none comes. */
async function fileInFront(app: JupyterFrontEnd): Promise<string | null> {
  const until = performance.now() + FILE_WAIT;
  for (;;) {
    const widget = app.shell.currentWidget;
    if (widget && 'context' in widget) {
      return widget.id;
    }
    if (performance.now() > until) {
      return null;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
