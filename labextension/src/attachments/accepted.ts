import type { TranslationBundle } from '@jupyterlab/translation';

/** The types of pictures that a spec takes. */
export const TYPES: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/svg+xml'
];
/** Bytes of the largest picture, where the server has not said. */
const MOST = 10 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

/** Why a spec does not take a file, as a sentence; `null` if it does. */
export function refusalOf(
  file: Pick<File, 'name' | 'type' | 'size'>,
  most: number | undefined,
  trans: TranslationBundle
): string | null {
  const limit = most ?? MOST;
  const size = String(Math.max(1, Math.floor(limit / MEGABYTE)));
  const taken = trans.__('A spec takes PNG, JPEG, GIF, WebP or SVG of up to %1 MB.', size);
  if (!TYPES.includes(file.type)) {
    return trans.__('“%1” was not put into the spec: it is no such picture. %2', file.name, taken);
  }
  if (file.size > limit) {
    return trans.__('“%1” was not put into the spec: it is too large. %2', file.name, taken);
  }
  return null;
}

/**
 * The files that were pasted or dropped, if they are what was meant.
 *
 * Word processors and spreadsheets put a picture of what was copied beside its text; then the text is meant.
 */
export function filesIn(transfer: DataTransfer | null): readonly File[] {
  const files = [...(transfer?.files ?? [])];
  return files.length > 0 && !transfer?.getData('text/plain').trim() ? files : [];
}
