import type { IEditorLanguage, IEditorLanguageRegistry } from '@jupyterlab/codemirror';

import { logged } from '../ui/failure';

/** JupyterLab's Markdown with math. */
export const MARKDOWN = 'text/x-ipythongfm';

/** JupyterLab's languages, with front matter in Markdown; without it where the code for it can't be loaded. */
export function withFrontMatter(languages: IEditorLanguageRegistry): IEditorLanguageRegistry {
  const getLanguage = async (language: string | IEditorLanguage) => {
    if (language !== MARKDOWN) {
      return languages.getLanguage(language);
    }
    const [loaded, own] = await Promise.all([
      languages.getLanguage(language),
      import('../editor/partLanguage').catch(logged)
    ]);
    return loaded?.support && own
      ? { ...loaded, support: own.partLanguage(loaded.support) }
      : loaded;
  };
  return Object.assign(Object.create(languages) as IEditorLanguageRegistry, { getLanguage });
}
