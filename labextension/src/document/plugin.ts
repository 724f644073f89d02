import {
  ILabShell,
  ILayoutRestorer,
  IRouter,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, IThemeManager } from '@jupyterlab/apputils';
import { IEditorExtensionRegistry, IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { ISearchProviderRegistry } from '@jupyterlab/documentsearch';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITableOfContentsRegistry } from '@jupyterlab/toc';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { SpecServer } from '../server/server';
import { SpecConnection } from '../session';
import { ISpecDocuments, ISpecServer } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { inBackground } from '../ui/failure';
import { DOMAIN } from '../ui/translation';
import { addOutline } from '../outline/commands';
import { SpecDocuments } from './documents';
import { addEditCommands } from './editCommands';
import { EditorConfiguration } from './editorConfiguration';
import { EditorWidgetFactory, IEditorWidgetFactory } from './editorWidgetFactory';
import { addExportCommands } from './exportCommands';
import { addFileCommands } from './fileCommands';
import { FocusMode } from './focusMode';
import { addFormatMenu } from './formatMenu';
import { addFormatCommands, addFormatOptions } from './formatting';
import { heldDialogsPlugin } from './heldDialogsPlugin';
import { arePicturesUnderWay } from '../attachments/uploading';
import { addPictureCommand } from './pictureCommand';
import { addPreviewCommands } from './previewCommands';
import { Previews } from './previews';
import { addPeopleCommands } from './peopleCommands';
import { addSpecRoute } from './route';
import { specSearch } from './specSearch';
import { addViewCommands } from './viewCommands';
import { addVimKeys } from './vimKeys';
import { nameWindow } from './windowTitle';

const SETTINGS = 'jupyter-speccollab:editor';

const editor: JupyterFrontEndPlugin<EditorWidgetFactory> = {
  id: SETTINGS,
  description: 'Makes live views of shared specs that look like JupyterLab’s own editors.',
  autoStart: true,
  requires: [ISpecServer, IEditorExtensionRegistry, IEditorLanguageRegistry],
  optional: [ITranslator, ISettingRegistry],
  provides: IEditorWidgetFactory,
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    extensions: IEditorExtensionRegistry,
    languages: IEditorLanguageRegistry,
    translator: ITranslator | null,
    settings: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    addFormatOptions(extensions, trans);
    const configuration = new EditorConfiguration(extensions, languages);
    const loaded = settings?.load(SETTINGS).then(own => {
      const configure = () => (configuration.options = own.composite);
      configuration.keep = (name, value) => own.set(name, value);
      own.changed.connect(configure);
      configure();
    });
    inBackground(loaded);
    return new EditorWidgetFactory(server, trans, configuration, app);
  }
};

const documents: JupyterFrontEndPlugin<ISpecDocuments> = {
  id: 'jupyter-speccollab:documents',
  description: 'Shared specs in the main area.',
  autoStart: true,
  requires: [IEditorWidgetFactory],
  optional: [
    ILayoutRestorer,
    IRouter,
    IMainMenu,
    ISearchProviderRegistry,
    ISettingRegistry,
    IRenderMimeRegistry,
    ICommandPalette,
    IThemeManager,
    ILabShell,
    ITableOfContentsRegistry
  ],
  provides: ISpecDocuments,
  activate: (
    app: JupyterFrontEnd,
    factory: EditorWidgetFactory,
    restorer: ILayoutRestorer | null,
    router: IRouter | null,
    menu: IMainMenu | null,
    searches: ISearchProviderRegistry | null,
    settings: ISettingRegistry | null,
    rendermime: IRenderMimeRegistry | null,
    palette: ICommandPalette | null,
    themes: IThemeManager | null,
    shell: ILabShell | null,
    contents: ITableOfContentsRegistry | null
  ) => {
    const previews = rendermime && new Previews({ app, factory, rendermime, themes });
    const opened = new SpecDocuments(app, factory, previews);
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
    searches?.add('jupyter-speccollab', specSearch);
    addEditCommands(app.commands, opened.tracker, factory.trans, menu);
    addViewCommands(app.commands, opened.tracker, factory.configuration, factory.trans, menu);
    addOutline({ app, tracker: opened.tracker, trans: factory.trans, contents, palette });
    addFileCommands(app, factory.trans);
    addPeopleCommands(app.commands, opened.tracker, factory.trans, palette);
    addPictureCommand(app.commands, opened.tracker, factory.trans, palette);
    if (previews) {
      addPreviewCommands(app, opened.tracker, factory.trans, palette);
      addExportCommands(app, opened.tracker, previews, factory.trans, palette);
    }
    addFormatCommands(app.commands, opened.tracker, factory.trans);
    addFormatMenu(app.commands, factory.trans, menu, palette);
    if (shell) {
      new FocusMode(shell, opened.tracker, factory.trans).addTo(app.commands, menu, palette);
    }
    if (settings) {
      inBackground(addVimKeys(app, opened.tracker, settings));
    }
    window.addEventListener('beforeunload', event => {
      if (SpecConnection.anyAtRisk || arePicturesUnderWay()) {
        event.preventDefault();
      }
    });
    return opened;
  }
};

export const documentPlugins = [editor, documents, heldDialogsPlugin];
