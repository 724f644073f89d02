import { type Extension, Prec } from '@codemirror/state';
import { CodeEditor } from '@jupyterlab/codeeditor';
import {
  CodeMirrorEditor,
  type IEditorExtensionRegistry,
  type IEditorLanguageRegistry,
  type IExtensionsHandler
} from '@jupyterlab/codemirror';

import { catchUp, specEditing } from '../editor';
import type { SpecConnection } from '../session';
import { MARKDOWN } from './markdownLanguage';
import { SpecText } from './specText';

/** JupyterLab's editor options by name, such as `lineNumbers`; they override JupyterLab's own settings. */
export type EditorOptions = Readonly<Record<string, unknown>>;

export interface CodeEditorOptions {
  readonly host: HTMLElement;
  readonly connection: SpecConnection;
  readonly extensions: IEditorExtensionRegistry;
  readonly languages: IEditorLanguageRegistry;
  readonly options: EditorOptions;
  /** What the editor has besides. */
  readonly more?: Extension;
}

/** JupyterLab's editor for the text of a spec: what its registry has for editors, this one has. */
export class SpecCodeEditor extends CodeMirrorEditor {
  private readonly specText: SpecText;
  private readonly registry: IEditorExtensionRegistry;
  private specOptions: EditorOptions;

  constructor({ host, connection, extensions, languages, options, more = [] }: CodeEditorOptions) {
    const specText = new SpecText(connection);
    host.dataset.type = 'document';
    super({
      host,
      model: new CodeEditor.Model({ mimeType: MARKDOWN, sharedModel: specText }),
      extensionsRegistry: extensions,
      languages,
      config: { ...options },
      extensions: [Prec.high([specEditing(connection), specText.following, more])]
    });
    this.specText = specText;
    this.registry = extensions;
    this.specOptions = options;
    specText.bind(this.editor);
  }

  /** What is set for specs; an option that is not set any more is as in JupyterLab's other editors again. */
  configure(options: EditorOptions): void {
    const { baseConfiguration } = this.registry;
    const names = new Set([...Object.keys(this.specOptions), ...Object.keys(options)]);
    this.specOptions = options;
    names.forEach(name => this.setOption(name, options[name] ?? baseConfiguration[name]));
  }

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this.model.dispose();
      this.specText.dispose();
    }
  }

  /** JupyterLab overwrites the options of an editor when a setting of all editors changes; those for specs hold. */
  protected override onConfigChanged(
    configurator: IExtensionsHandler,
    changes: Record<string, unknown>
  ): void {
    // JupyterLab may make the state of the editor anew, with the text that it has now.
    catchUp(this.editor);
    super.onConfigChanged(configurator, changes);
    for (const [name, value] of Object.entries(this.specOptions)) {
      if (name in changes && configurator.getOption(name) !== value) {
        configurator.setOption(name, value);
      }
    }
  }
}
