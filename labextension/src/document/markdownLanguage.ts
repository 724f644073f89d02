import type { IEditorLanguage, IEditorLanguageRegistry } from '@jupyterlab/codemirror';

import { partLanguage } from '../editor/partLanguage';

/** JupyterLab's Markdown with math. */
export const MARKDOWN = 'text/x-ipythongfm';

/** JupyterLab's languages, with front matter in Markdown. */
export function withFrontMatter(languages: IEditorLanguageRegistry): IEditorLanguageRegistry {
  const getLanguage = async (language: string | IEditorLanguage) => {
    const loaded = await languages.getLanguage(language);
    return loaded?.support && language === MARKDOWN
      ? { ...loaded, support: partLanguage(loaded.support) }
      : loaded;
  };
  return Object.assign(Object.create(languages) as IEditorLanguageRegistry, { getLanguage });
}
