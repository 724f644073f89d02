import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';

import type { SpecServer } from '../server/server';
import { CommandIDs } from '../ui/commandIds';
import { unawaited } from '../ui/failure';
import { Announcer } from './announcer';
import type { EditorConfiguration } from './editorConfiguration';
import { SpecEditorWidget } from './editorWidget';

/** Creates editor widgets for specs; all widgets of one spec share a connection. */
export class EditorWidgetFactory {
  private readonly announcer: Announcer;

  constructor(
    readonly server: SpecServer,
    readonly trans: TranslationBundle,
    readonly configuration: EditorConfiguration,
    private readonly app: JupyterFrontEnd
  ) {
    this.announcer = new Announcer(trans);
  }

  create(specId: string): SpecEditorWidget {
    const { server, configuration, announcer, trans } = this;
    return new SpecEditorWidget({
      connection: server.connect(specId),
      configuration,
      announcer,
      trans,
      showRescued: () =>
        unawaited(
          this.app.commands.execute(CommandIDs.showRescued),
          trans.__('The rescued edits can’t be shown.'),
          trans
        ),
      login: () => this.app.serviceManager.user.identity?.username ?? null,
      createSpec: (title, content) =>
        unawaited(
          this.app.commands.execute(CommandIDs.create, { title, content }),
          trans.__('The spec could not be created.'),
          trans
        )
    });
  }
}

export const IEditorWidgetFactory = new Token<EditorWidgetFactory>(
  'jupyter-speccollab:IEditorWidgetFactory',
  'Creates live editors of shared specs, for any place in the page.'
);
