import type { TranslationBundle } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';

import type { SpecServer } from '../specs/server';
import type { EditorLook } from './look';
import { SpecPane } from './pane';

/** Makes live views of specs, all over one connection a spec. */
export class SpecPanes {
  constructor(
    readonly server: SpecServer,
    readonly trans: TranslationBundle,
    private readonly look: EditorLook
  ) {}

  create(specId: string): SpecPane {
    const { server, look, trans } = this;
    return new SpecPane({ connection: server.connect(specId), look, trans });
  }
}

export const ISpecPanes = new Token<SpecPanes>(
  'jupyter-speccollab:ISpecPanes',
  'Makes live views of shared specs, to be put anywhere in the page.'
);
