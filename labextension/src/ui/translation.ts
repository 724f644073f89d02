import type { TranslationBundle } from '@jupyterlab/translation';

/** The translation domain of all texts of this extension. */
export const DOMAIN = 'jupyter_speccollab';

/** The BCP 47 tag of the language of a bundle; `undefined`, the browser's own, where it doesn't say one. */
export function localeOf(trans: TranslationBundle): string | undefined {
  const { getLocale } = trans as { getLocale?: () => string };
  return getLocale?.call(trans).replace('_', '-') || undefined;
}
