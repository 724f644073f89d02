import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';

import { CommandIDs } from '../ui/commandIds';
import type { SpecServer } from '../server/server';
import type { EditorLook } from './look';
import { SpecPane } from './pane';

/** Makes live views of specs, all over one connection a spec. */
export class SpecPanes {
  constructor(
    readonly server: SpecServer,
    readonly trans: TranslationBundle,
    private readonly look: EditorLook,
    private readonly app: JupyterFrontEnd
  ) {}

  create(specId: string): SpecPane {
    const { server, look, trans } = this;
    return new SpecPane({
      connection: server.connect(specId),
      look,
      trans,
      login: () => this.app.serviceManager.user.identity?.username ?? null,
      makeSpec: (title, content) =>
        void this.app.commands.execute(CommandIDs.create, { title, content })
    });
  }
}

export const ISpecPanes = new Token<SpecPanes>(
  'jupyter-speccollab:ISpecPanes',
  'Makes live views of shared specs, to be put anywhere in the page.'
);
