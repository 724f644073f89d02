import type { IRouter, JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';

import { SPEC, THREAD } from '../server/specLink';
import type { ISpecDocuments } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { unawaited } from '../ui/failure';

/** Milliseconds to wait for the file that the same URL opens. */
const FILE_TIMEOUT = 30_000;

/**
 * Opens the spec that `?spec=<id>` in the page's URL names, at the heading that `#<heading>` names, or at the comment that
 * `&thread=<id>` names.
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
      const specId = parameters.get(SPEC);
      if (!specId) {
        return;
      }
      const threadId = parameters.get(THREAD);
      parameters.delete(SPEC);
      parameters.delete(THREAD);
      const rest = parameters.toString();
      router.navigate(`${path}${rest && `?${rest}`}`, { skipRouting: true });
      // Not awaited: the router opens the file only after this command has finished.
      const opened = openBeside(app, documents, specId, {
        isWithFile: /\/tree\/./.test(path),
        heading: headingOf(hash)
      }).then(() => (threadId ? showThread(app, specId, threadId) : undefined));
      unawaited(opened, trans.__('The spec could not be opened.'), trans);
    }
  });
  router.register({ command: CommandIDs.openFromAddress, pattern: /[?&]spec=/, rank: 40 });
}

/** Shows a comment of a spec that is open, where something can. */
async function showThread(
  { commands }: JupyterFrontEnd,
  specId: string,
  threadId: string
): Promise<void> {
  if (commands.hasCommand(CommandIDs.showThread)) {
    await commands.execute(CommandIDs.showThread, { specId, threadId });
  }
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
