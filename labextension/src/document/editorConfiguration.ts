import type { Extension } from '@codemirror/state';
import type { IEditorExtensionRegistry, IEditorLanguageRegistry } from '@jupyterlab/codemirror';

import type { SpecConnection } from '../session';
import { type EditorOptions, SpecCodeEditor } from './codeEditor';
import { withFrontMatter } from './markdownLanguage';

/** Makes editors of specs that have JupyterLab's theme, key map, language and extensions, and the settings for specs. */
export class EditorConfiguration {
  private readonly editors = new Set<SpecCodeEditor>();
  private readonly languages: IEditorLanguageRegistry;
  private shown: EditorOptions = {};

  constructor(
    private readonly extensions: IEditorExtensionRegistry,
    languages: IEditorLanguageRegistry
  ) {
    this.languages = withFrontMatter(languages);
  }

  /** The options for specs; open editors follow. */
  get options(): EditorOptions {
    return this.shown;
  }

  set options(options: EditorOptions) {
    this.shown = options;
    this.editors.forEach(editor => editor.configure(options));
  }

  /** Changes an option for all specs, and where there are settings, keeps it. */
  async set(name: string, value: boolean): Promise<void> {
    this.options = { ...this.options, [name]: value };
    await this.keep?.(name, value);
  }

  /** Keeps an option among the settings; none are kept without it. */
  keep: ((name: string, value: boolean) => Promise<void>) | null = null;

  createEditor(
    host: HTMLElement,
    connection: SpecConnection,
    more: Extension = []
  ): SpecCodeEditor {
    const { extensions, languages, options } = this;
    const editor = new SpecCodeEditor({
      host,
      connection,
      extensions,
      languages,
      options,
      more
    });
    this.editors.add(editor);
    editor.model.sharedModel.disposed.connect(() => this.editors.delete(editor));
    return editor;
  }
}
