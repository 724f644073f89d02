import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { LinkTarget } from '../preview/links';
import type { SpecServer } from '../server/server';
import { CommandIDs } from '../ui/commandIds';
import { unawaited } from '../ui/failure';

export interface OpenTargetOptions {
  readonly app: Pick<JupyterFrontEnd, 'commands'>;
  readonly server: Pick<SpecServer, 'attachments'>;
  readonly trans: TranslationBundle;
}

/** Opens what a link in the text of a spec leads to, or one in a comment; a heading of the text itself is not meant. */
export function openTarget(
  target: LinkTarget,
  specId: string,
  { app: { commands }, server, trans }: OpenTargetOptions
): void {
  switch (target.kind) {
    case 'heading':
      break;
    case 'spec': {
      const { threadId, heading } = target;
      const id = threadId ? CommandIDs.showThread : CommandIDs.open;
      const args = { specId: target.specId, heading, ...(threadId ? { threadId } : {}) };
      unawaited(commands.execute(id, args), trans.__('The spec could not be opened.'), trans);
      break;
    }
    case 'file': {
      const opened = commands.execute('docmanager:open', { path: target.path });
      unawaited(opened, trans.__('“%1” could not be opened.', target.path), trans);
      break;
    }
    case 'attachment': {
      const opened = server.attachments
        .addressOf(specId, target.attachmentId)
        .then(address => window.open(address, '_blank', 'noopener'));
      unawaited(opened, trans.__('The picture could not be opened.'), trans);
      break;
    }
    case 'outside':
      window.open(target.url, '_blank', 'noopener,noreferrer');
      break;
  }
}
