import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type IThemeManager, Notification } from '@jupyterlab/apputils';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { EditorView } from '@codemirror/view';
import { CommandRegistry } from '@lumino/commands';

import { PreviewMemory } from '../preview/memory';
import type { PictureAddresses } from '../preview/pictures';
import { PreviewPlace } from '../preview/place';
import { linkTo } from '../server/specLink';
import { CommandIDs } from '../ui/commandIds';
import type { SpecEditorWidget } from './editorWidget';
import type { EditorWidgetFactory } from './editorWidgetFactory';
import { openTarget } from './openTarget';

export interface PreviewsOptions {
  readonly app: JupyterFrontEnd;
  readonly factory: EditorWidgetFactory;
  readonly rendermime: IRenderMimeRegistry;
  readonly themes: IThemeManager | null;
}

/** Gives specs in the main area their previews. */
export class Previews {
  private readonly memory = new PreviewMemory(window.localStorage);

  constructor(private readonly options: PreviewsOptions) {}

  get rendermime(): IRenderMimeRegistry {
    return this.options.rendermime;
  }

  /** The keys that show the next of source, both, and preview. */
  get keys(): string {
    const { keyBindings } = this.options.app.commands;
    const binding = keyBindings.find(({ command }) => command === CommandIDs.nextPreview);
    return binding ? CommandRegistry.formatKeystroke(binding.keys).replace(/ /g, '') : '';
  }

  placeFor(content: SpecEditorWidget): PreviewPlace {
    const { memory, rendermime } = this;
    const { app, factory, themes } = this.options;
    const { server, trans } = factory;
    const { connection, editor, source } = content;
    const { specId } = connection;
    const place = new PreviewPlace({
      connection,
      memory,
      trans,
      source,
      preview: {
        view: editor,
        rendermime,
        pictures: this.picturesOf(specId),
        open: target => openTarget(target, specId, { app, server, trans }),
        linkTo: heading => `${linkTo(specId)}#${encodeURIComponent(heading)}`,
        copied: () =>
          Notification.success(
            trans.__('Link copied. It opens this section for everybody who may see the spec.'),
            {
              autoClose: 3000
            }
          )
      },
      goToSource: position => {
        editor.dispatch({
          selection: { anchor: Math.min(position, editor.state.doc.length) },
          effects: EditorView.scrollIntoView(position, { y: 'center' })
        });
        editor.focus();
      }
    });
    const refresh = () => place.refresh();
    themes?.themeChanged.connect(refresh);
    place.disposed.connect(() => themes?.themeChanged.disconnect(refresh));
    return place;
  }

  /** The title of a spec; `known`, which its tab shows, where the server can't be asked. */
  async titleOf(specId: string, known: string): Promise<string> {
    const entry = await this.options.factory.server.specs.get(specId).catch(() => null);
    return entry?.title ?? known;
  }

  /** Where pictures in the text of a spec are. */
  picturesOf(specId: string): PictureAddresses {
    const { server } = this.options.factory;
    return {
      attachment: attachmentId => server.attachments.addressOf(specId, attachmentId),
      file: path => URLExt.join(PageConfig.getBaseUrl(), 'files', URLExt.encodeParts(path))
    };
  }
}
