import type { TranslationBundle } from '@jupyterlab/translation';

import { roleText } from '../ui/roleText';
import type { Details } from './details';

/** Role and section of somebody in a line; empty where neither is known. */
export function detailsText({ role, section }: Details, trans: TranslationBundle): string {
  const where =
    section === null
      ? []
      : [section ? trans.__('in “%1”', section) : trans.__('before the first heading')];
  return [...(role ? [roleText(role, trans)] : []), ...where].join(', ');
}
