import type { TranslationBundle } from '@jupyterlab/translation';

/** Lines to show, and characters of each. */
const LINES = 6;
const COLUMNS = 100;

/** The lines of a text that tell whether it was read right: those with letters beyond ASCII. */
export function tellingLines(text: string): string {
  const lines = text.split(/\r\n|\r|\n/);
  // eslint-disable-next-line no-control-regex
  const telling = lines.filter(line => /[^\x00-\x7f]/.test(line));
  return (telling.length ? telling : lines)
    .slice(0, LINES)
    .map(line => [...line].slice(0, COLUMNS).join(''))
    .join('\n');
}

/** An encoding for people: its languages and its technical name. */
export function encodingName(encoding: string, trans: TranslationBundle): string {
  const known: Readonly<Record<string, string>> = {
    'windows-1252': trans.__('Western European'),
    'iso-8859-15': trans.__('Western European'),
    'windows-1250': trans.__('Central European'),
    'iso-8859-2': trans.__('Central European'),
    'windows-1251': trans.__('Cyrillic'),
    'iso-8859-5': trans.__('Cyrillic'),
    'koi8-r': trans.__('Cyrillic'),
    'windows-1253': trans.__('Greek'),
    'iso-8859-7': trans.__('Greek'),
    'windows-1254': trans.__('Turkish'),
    'windows-1255': trans.__('Hebrew'),
    'iso-8859-8': trans.__('Hebrew'),
    'windows-1256': trans.__('Arabic'),
    'iso-8859-6': trans.__('Arabic'),
    'windows-1257': trans.__('Baltic'),
    'windows-1258': trans.__('Vietnamese'),
    'windows-874': trans.__('Thai'),
    shift_jis: trans.__('Japanese'),
    'euc-jp': trans.__('Japanese'),
    'iso-2022-jp': trans.__('Japanese'),
    gb18030: trans.__('Chinese'),
    big5: trans.__('Traditional Chinese'),
    'euc-kr': trans.__('Korean'),
    'utf-16le': trans.__('Unicode'),
    'utf-16be': trans.__('Unicode')
  };
  return Object.hasOwn(known, encoding)
    ? trans.__('%1 (%2)', known[encoding] ?? '', technicalName(encoding))
    : technicalName(encoding);
}

/** "Windows-1252", "KOI8-R", "Shift_JIS": as such names are written. */
function technicalName(encoding: string): string {
  const name = encoding.replace(/^windows/, 'Windows');
  return encoding === 'shift_jis' ? 'Shift_JIS' : name === encoding ? name.toUpperCase() : name;
}
