import { yamlFrontmatter } from '@codemirror/lang-yaml';
import { Compartment, type Extension } from '@codemirror/state';
import { type EditorView } from '@codemirror/view';
import { CodeEditor } from '@jupyterlab/codeeditor';
import {
  EditorExtensionRegistry,
  type IEditorExtensionRegistry,
  type IEditorLanguageRegistry,
  type IEditorThemeRegistry
} from '@jupyterlab/codemirror';
import type { ITranslator } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';

import { inBackground } from '../ui/failure';

/** JupyterLab's Markdown with math. */
const MARKDOWN = 'text/x-ipythongfm';

/** JupyterLab's editor options by name, such as `lineNumbers`; they override JupyterLab's own settings. */
export type EditorOptions = Readonly<Record<string, unknown>>;

/** The extensions for one editor. */
export interface ConfiguredExtensions {
  readonly extensions: Extension;
  /** Applies later changes of settings to the editor's view, until the result is disposed. */
  follow(view: EditorView): IDisposable;
}

export interface EditorServices {
  readonly extensions: IEditorExtensionRegistry;
  readonly languages: IEditorLanguageRegistry;
  readonly themes: IEditorThemeRegistry;
  readonly translator: ITranslator;
}

/**
 * Gives spec editors JupyterLab's theme, key map, fonts and Markdown.
 *
 * It has a registry of its own, filled with JupyterLab's default extensions. JupyterLab's registry can't be
 * used: it binds every editor to a shared model of another kind.
 */
export class EditorConfiguration {
  private readonly registry = new EditorExtensionRegistry();
  private options: EditorOptions = {};

  constructor(private readonly services: EditorServices) {
    const { themes, translator } = services;
    for (const factory of EditorExtensionRegistry.getDefaultExtensions({ themes, translator })) {
      this.registry.addExtension(factory);
    }
    this.configure({});
  }

  /** Sets the options for specs and reads JupyterLab's settings again; open editors follow. */
  configure(options: EditorOptions = this.options): void {
    this.options = options;
    this.registry.baseConfiguration = {
      ...this.services.extensions.baseConfiguration,
      searchWithCM: true,
      ...options
    };
  }

  createExtensions(): ConfiguredExtensions {
    const model = new CodeEditor.Model({ mimeType: MARKDOWN });
    const handler = this.registry.createNew({ inline: false, model });
    const language = new Compartment();
    const extensions = [handler.getInitialExtensions(), language.of([])];
    const follow = (view: EditorView): IDisposable => {
      handler.configChanged.connect((_, changes) => handler.reconfigureExtensions(view, changes));
      const loading = this.loadMarkdown().then(markdown => {
        if (!handler.isDisposed) {
          view.dispatch({ effects: language.reconfigure(markdown) });
        }
      });
      inBackground(loading);
      return handler;
    };
    return { extensions, follow };
  }

  private async loadMarkdown(): Promise<Extension> {
    const { languages } = this.services;
    const known = languages.findByMIME(MARKDOWN) ?? languages.findByName('markdown');
    const loaded = known && (await languages.getLanguage(known));
    return loaded?.support ? yamlFrontmatter({ content: loaded.support }) : [];
  }
}
