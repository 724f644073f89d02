import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IJupyterWidgetRegistry } from '@jupyter-widgets/base';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { type EditorWidgetFactory, IEditorWidgetFactory } from '../document/editorWidgetFactory';
import type { FileSpecs } from '../server/fileSpecs';
import type { SpecServer } from '../server/server';
import { IFileSpecs, ISpecDocuments, ISpecServer } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { DOMAIN } from '../ui/translation';
import { addBesideCommand } from './besideCommand';
import { LiveModels } from './liveModels';
import { SPEC_MIME_TYPE } from './mimeBundle';
import { SpecRenderer } from './specRenderer';
import { MODULE_NAME, MODULE_VERSION } from './widgetModule';

/** A rank above that of ipywidgets' views, which is -10: those need a kernel. */
const BEFORE_WIDGETS = -20;

const beside: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:beside',
  description: 'Shows the spec of a notebook beside it.',
  autoStart: true,
  requires: [ISpecServer, ISpecDocuments, INotebookTracker, IFileSpecs],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    documents: ISpecDocuments,
    notebooks: INotebookTracker,
    files: FileSpecs,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    addBesideCommand({ app, server, documents, notebooks, files, trans });
    for (const command of [CommandIDs.openBesideNotebook, CommandIDs.chooseBesideNotebook]) {
      palette?.addItem({ command, category: trans.__('Specs') });
    }
  }
};

const outputs: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:outputs',
  description:
    'Live specs in the output of notebook cells, with a kernel (ipywidgets) and without.',
  autoStart: true,
  requires: [IEditorWidgetFactory],
  optional: [IRenderMimeRegistry, INotebookTracker, IJupyterWidgetRegistry],
  activate: (
    { commands }: JupyterFrontEnd,
    factory: EditorWidgetFactory,
    rendermime: IRenderMimeRegistry | null,
    notebooks: INotebookTracker | null,
    widgets: IJupyterWidgetRegistry | null
  ) => {
    const models = new LiveModels();
    rendermime?.addFactory(
      {
        safe: true,
        mimeTypes: [SPEC_MIME_TYPE],
        createRenderer: () => new SpecRenderer({ factory, commands, rendermime, notebooks, models })
      },
      BEFORE_WIDGETS
    );
    widgets?.registerWidget({
      name: MODULE_NAME,
      version: MODULE_VERSION,
      exports: async () => (await import('./ipywidget')).specWidgets({ factory, commands, models })
    });
  }
};

export const notebookPlugins = [beside, outputs];
