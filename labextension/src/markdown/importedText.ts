import { normaliseNewlines } from '../text';

/**
 * A file's text in the form that a spec accepts.
 *
 * Line ends become line feeds, NUL and a byte order mark are removed, and lone surrogates become U+FFFD.
 */
export function cleanText(text: string): string {
  return normaliseNewlines(text)
    .replace(/^\uFEFF/, '')
    .replaceAll('\0', '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}
