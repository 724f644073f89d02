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

/** JupyterLab's Markdown, with math in it. */
const MARKDOWN = 'text/x-ipythongfm';

/** Editor options of JupyterLab by name, such as `lineNumbers`; ours stand over those of its settings. */
export type EditorOptions = Readonly<Record<string, unknown>>;

/** An editor's extensions, and what keeps them as the settings say once its view is there. */
export interface DressedEditor {
  readonly extensions: Extension;
  follow(view: EditorView): IDisposable;
}

export interface LookServices {
  readonly extensions: IEditorExtensionRegistry;
  readonly languages: IEditorLanguageRegistry;
  readonly themes: IEditorThemeRegistry;
  readonly translator: ITranslator;
}

/**
 * Makes spec editors look and feel like JupyterLab's own: its theme, key map, fonts and Markdown.
 *
 * JupyterLab's extensions are taken one by one and not through its own registry, since that one binds every
 * editor to a shared model of another kind.
 */
export class EditorLook {
  private readonly registry = new EditorExtensionRegistry();
  private options: EditorOptions = {};

  constructor(private readonly services: LookServices) {
    const { themes, translator } = services;
    for (const factory of EditorExtensionRegistry.getDefaultExtensions({ themes, translator })) {
      this.registry.addExtension(factory);
    }
    this.configure({});
  }

  /** Sets what stands over JupyterLab's settings, and takes these in anew; open editors follow. */
  configure(options: EditorOptions = this.options): void {
    this.options = options;
    this.registry.baseConfiguration = {
      ...this.services.extensions.baseConfiguration,
      searchWithCM: true,
      ...options
    };
  }

  dress(): DressedEditor {
    const model = new CodeEditor.Model({ mimeType: MARKDOWN });
    const handler = this.registry.createNew({ inline: false, model });
    const language = new Compartment();
    const extensions = [handler.getInitialExtensions(), language.of([])];
    const follow = (view: EditorView): IDisposable => {
      handler.configChanged.connect((_, changes) => handler.reconfigureExtensions(view, changes));
      void this.loadMarkdown().then(markdown => {
        if (!handler.isDisposed) {
          view.dispatch({ effects: language.reconfigure(markdown) });
        }
      });
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
