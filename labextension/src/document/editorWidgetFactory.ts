import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';
import { type ISignal, Signal } from '@lumino/signaling';

import { Notification } from '@jupyterlab/apputils';

import { Pictures } from '../attachments/uploading';
import { SpecPeople } from '../people/specPeople';
import { asSpecError } from '../server/error';
import type { SpecServer } from '../server/server';
import type { SpecConnection } from '../session';
import { CommandIDs } from '../ui/commandIds';
import { errorSentence } from '../ui/errorSentence';
import { unawaited } from '../ui/failure';
import { Announcer } from './announcer';
import type { EditorConfiguration } from './editorConfiguration';
import { SpecEditorWidget } from './editorWidget';

/** Creates editor widgets for specs; all widgets of one spec share a connection. */
export class EditorWidgetFactory {
  private readonly announcer: Announcer;
  private readonly creation = new Signal<this, SpecEditorWidget>(this);

  constructor(
    readonly server: SpecServer,
    readonly trans: TranslationBundle,
    readonly configuration: EditorConfiguration,
    private readonly app: JupyterFrontEnd
  ) {
    this.announcer = new Announcer(trans);
  }

  /** Emits each new editor widget. */
  get created(): ISignal<this, SpecEditorWidget> {
    return this.creation;
  }

  create(specId: string): SpecEditorWidget {
    const { server, configuration, announcer, trans } = this;
    const connection = server.connect(specId);
    const widget = new SpecEditorWidget({
      connection,
      configuration,
      announcer,
      trans,
      pictures: this.picturesFor(connection),
      addressOfPicture: id => server.attachments.addressOf(specId, id),
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
        ),
      restore: () =>
        unawaited(
          server.specs.undelete(specId).then(() => connection.reconnectNow()),
          trans.__('The spec could not be restored.'),
          trans
        )
    });
    this.creation.emit(widget);
    return widget;
  }

  /** The people of the spec that `content` shows. */
  peopleIn(content: SpecEditorWidget): SpecPeople {
    const { connection, editor } = content;
    return new SpecPeople({
      connection,
      view: editor,
      user: this.app.serviceManager.user,
      trans: this.trans,
      access: () => this.server.collaborators.list(connection.specId),
      show: (userId, nearest) => content.reveal(userId, nearest)
    });
  }

  private picturesFor(connection: SpecConnection): Pictures {
    const { server, trans } = this;
    const tell = (sentence: string) => Notification.error(sentence, { autoClose: 8000 });
    return new Pictures({
      connection,
      uploads: server.pictureUploads,
      trans,
      refused: tell,
      failed: (error, name) => {
        const failed = trans.__('“%1” could not be stored.', name);
        tell(errorSentence(asSpecError(error), failed, trans));
      }
    });
  }
}

export const IEditorWidgetFactory = new Token<EditorWidgetFactory>(
  'jupyter-speccollab:IEditorWidgetFactory',
  'Creates live editors of shared specs, for any place in the page.'
);
