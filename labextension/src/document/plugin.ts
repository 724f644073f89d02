import {
  ILayoutRestorer,
  IRouter,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  IEditorExtensionRegistry,
  IEditorLanguageRegistry,
  IEditorThemeRegistry
} from '@jupyterlab/codemirror';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { SpecServer } from '../server/server';
import { SpecConnection } from '../session';
import { ISpecDocuments, ISpecServer } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { inBackground } from '../ui/failure';
import { DOMAIN } from '../ui/translation';
import { SpecDocuments } from './documents';
import { EditorConfiguration } from './editorConfiguration';
import { EditorWidgetFactory, IEditorWidgetFactory } from './editorWidgetFactory';
import { addSpecRoute } from './route';
import { addUndoCommands } from './undoCommands';
import { nameWindow } from './windowTitle';

const SETTINGS = 'jupyter-speccollab:editor';
/** JupyterLab's settings for all editors. */
const LAB_SETTINGS = '@jupyterlab/codemirror-extension:plugin';

const editor: JupyterFrontEndPlugin<EditorWidgetFactory> = {
  id: SETTINGS,
  description: 'Makes live views of shared specs that look like JupyterLab’s own editors.',
  autoStart: true,
  requires: [ISpecServer, IEditorExtensionRegistry, IEditorLanguageRegistry, IEditorThemeRegistry],
  optional: [ITranslator, ISettingRegistry],
  provides: IEditorWidgetFactory,
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    extensions: IEditorExtensionRegistry,
    languages: IEditorLanguageRegistry,
    themes: IEditorThemeRegistry,
    translator: ITranslator | null,
    settings: ISettingRegistry | null
  ) => {
    const language = translator ?? nullTranslator;
    const configuration = new EditorConfiguration({
      extensions,
      languages,
      themes,
      translator: language
    });
    const trans = language.load(DOMAIN);
    const ownSettings = settings?.load(SETTINGS).then(own => {
      const configure = () => configuration.configure(own.composite);
      own.changed.connect(configure);
      configure();
    });
    const labSettings = settings
      ?.load(LAB_SETTINGS)
      .then(lab => lab.changed.connect(() => configuration.configure()));
    inBackground(ownSettings);
    inBackground(labSettings);
    return new EditorWidgetFactory(server, trans, configuration, app);
  }
};

const documents: JupyterFrontEndPlugin<ISpecDocuments> = {
  id: 'jupyter-speccollab:documents',
  description: 'Shared specs in the main area.',
  autoStart: true,
  requires: [IEditorWidgetFactory],
  optional: [ILayoutRestorer, IRouter, IMainMenu],
  provides: ISpecDocuments,
  activate: (
    app: JupyterFrontEnd,
    factory: EditorWidgetFactory,
    restorer: ILayoutRestorer | null,
    router: IRouter | null,
    menu: IMainMenu | null
  ) => {
    const opened = new SpecDocuments(app, factory);
    const restored = restorer?.restore(opened.tracker, {
      command: CommandIDs.open,
      args: ({ specId, title }) => ({ specId, title: title.label }),
      name: ({ specId }) => specId
    });
    inBackground(restored);
    if (router) {
      addSpecRoute(app, router, opened, factory.trans);
    }
    nameWindow(app);
    addUndoCommands(app.commands, opened.tracker, factory.trans, menu);
    window.addEventListener('beforeunload', event => {
      if (SpecConnection.anyAtRisk) {
        event.preventDefault();
      }
    });
    return opened;
  }
};

export const documentPlugins = [editor, documents];
