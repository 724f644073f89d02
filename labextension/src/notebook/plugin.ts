import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IJupyterWidgetRegistry } from '@jupyter-widgets/base';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { type EditorWidgetFactory, IEditorWidgetFactory } from '../document/editorWidgetFactory';
import type { SpecServer } from '../server/server';
import { ISpecDocuments, ISpecServer } from '../tokens';
import { DOMAIN } from '../ui/translation';
import { addBesideCommand } from './besideCommand';
import { MODULE_NAME, MODULE_VERSION } from './widgetModule';

const beside: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:beside',
  description: 'Shows the spec of a notebook beside it.',
  autoStart: true,
  requires: [ISpecServer, ISpecDocuments, INotebookTracker],
  optional: [IStateDB, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    documents: ISpecDocuments,
    notebooks: INotebookTracker,
    state: IStateDB | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    addBesideCommand({ app, server, documents, notebooks, state, trans });
  }
};

const outputs: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:outputs',
  description: 'Live specs in the output of notebook cells (ipywidgets).',
  autoStart: true,
  requires: [IEditorWidgetFactory],
  optional: [IJupyterWidgetRegistry],
  activate: (
    _app: JupyterFrontEnd,
    factory: EditorWidgetFactory,
    registry: IJupyterWidgetRegistry | null
  ) => {
    registry?.registerWidget({
      name: MODULE_NAME,
      version: MODULE_VERSION,
      exports: async () => (await import('./ipywidget')).specWidgets(factory)
    });
  }
};

export const notebookPlugins = [beside, outputs];
