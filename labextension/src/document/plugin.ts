import {
  ILayoutRestorer,
  IRouter,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IJupyterWidgetRegistry } from '@jupyter-widgets/base';
import {
  IEditorExtensionRegistry,
  IEditorLanguageRegistry,
  IEditorThemeRegistry
} from '@jupyterlab/codemirror';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { SpecConnection } from '../session';
import { CommandIDs } from '../ui/commandIds';
import { DOMAIN } from '../specs/plugin';
import type { SpecServer } from '../server/server';
import { ISpecDocuments, ISpecServer } from '../tokens';
import { routeSpecs } from './address';
import { addBesideCommand } from '../notebook/beside';
import { SpecDocument } from './document';
import { SpecDocuments } from './documents';
import { EditorLook } from './look';
import { MODULE_NAME, MODULE_VERSION } from '../notebook/module';
import { ISpecPanes, SpecPanes } from './panes';
import { StatusItem } from '../status/statusItem';
import { addUndo } from './undo';

const SETTINGS = 'jupyter-speccollab:editor';
/** Where JupyterLab keeps what holds for all editors. */
const EDITOR_SETTINGS = '@jupyterlab/codemirror-extension:plugin';

const editor: JupyterFrontEndPlugin<SpecPanes> = {
  id: SETTINGS,
  description: 'Makes live views of shared specs that look like JupyterLab’s own editors.',
  autoStart: true,
  requires: [ISpecServer, IEditorExtensionRegistry, IEditorLanguageRegistry, IEditorThemeRegistry],
  optional: [ITranslator, ISettingRegistry],
  provides: ISpecPanes,
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    extensions: IEditorExtensionRegistry,
    languages: IEditorLanguageRegistry,
    themes: IEditorThemeRegistry,
    translator: ITranslator | null,
    settings: ISettingRegistry | null
  ) => {
    const spoken = translator ?? nullTranslator;
    const look = new EditorLook({ extensions, languages, themes, translator: spoken });
    void settings?.load(SETTINGS).then(ours => {
      const configure = () => look.configure(ours.composite);
      ours.changed.connect(configure);
      configure();
    });
    void settings?.load(EDITOR_SETTINGS).then(labs => labs.changed.connect(() => look.configure()));
    return new SpecPanes(server, spoken.load(DOMAIN), look, app);
  }
};

const documents: JupyterFrontEndPlugin<ISpecDocuments> = {
  id: 'jupyter-speccollab:documents',
  description: 'Shared specs in the main area.',
  autoStart: true,
  requires: [ISpecPanes],
  optional: [ILayoutRestorer, IRouter, IStatusBar, IMainMenu],
  provides: ISpecDocuments,
  activate: (
    app: JupyterFrontEnd,
    panes: SpecPanes,
    restorer: ILayoutRestorer | null,
    router: IRouter | null,
    statusBar: IStatusBar | null,
    menu: IMainMenu | null
  ) => {
    const opened = new SpecDocuments(app, panes);
    void restorer?.restore(opened.tracker, {
      command: CommandIDs.open,
      args: ({ specId, title }) => ({ specId, title: title.label }),
      name: ({ specId }) => specId
    });
    if (router) {
      routeSpecs(app, router, opened);
    }
    showStatus(app, panes, statusBar);
    addUndo(app.commands, opened.tracker, panes.trans, menu);
    window.addEventListener('beforeunload', event => {
      if (SpecConnection.anyAtRisk) {
        event.preventDefault();
      }
    });
    return opened;
  }
};

/** The status bar speaks of the spec that is in front, and of none where something else is. */
function showStatus(
  { shell }: JupyterFrontEnd,
  { trans }: SpecPanes,
  statusBar: IStatusBar | null
): void {
  const item = new StatusItem(trans);
  const follow = () => {
    const widget = shell.currentWidget;
    item.connection = widget instanceof SpecDocument ? widget.connection : null;
  };
  shell.currentChanged?.connect(follow);
  statusBar?.registerStatusItem('jupyter-speccollab:status', {
    item,
    align: 'right',
    rank: 10,
    isActive: () => item.connection !== null,
    activeStateChanged: item.connectionChanged
  });
}

const beside: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:beside',
  description: 'Shows the spec of a notebook beside it.',
  autoStart: true,
  requires: [ISpecServer, ISpecDocuments, INotebookTracker],
  optional: [IStateDB, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    opened: ISpecDocuments,
    notebooks: INotebookTracker,
    state: IStateDB | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    addBesideCommand({ app, server, documents: opened, notebooks, state, trans });
  }
};

const outputs: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:outputs',
  description: 'Live specs in the output of notebook cells (ipywidgets).',
  autoStart: true,
  requires: [ISpecPanes],
  optional: [IJupyterWidgetRegistry],
  activate: (_app: JupyterFrontEnd, panes: SpecPanes, registry: IJupyterWidgetRegistry | null) => {
    registry?.registerWidget({
      name: MODULE_NAME,
      version: MODULE_VERSION,
      exports: async () => (await import('../notebook/ipywidget')).specWidgets(panes)
    });
  }
};

export const widgetPlugins = [editor, documents, beside, outputs];
