/** The bytes of a file as text, or what may be tried. */
export type Decoded =
  | { readonly kind: 'text'; readonly text: string }
  /** Not UTF-8: the encodings in which the bytes are text, the most probable one first. */
  | { readonly kind: 'unsure'; readonly encodings: readonly string[] }
  /** No text in any encoding. */
  | { readonly kind: 'binary' };

/** Encodings that a file names by its first bytes. */
const MARKS: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]]
];
/** Encodings to choose from besides those that the detector names. */
const COMMON = ['windows-1252', 'windows-1250', 'windows-1251', 'shift_jis', 'gb18030'];
/** Those in which every second byte of most texts is 0, as of no other text. */
const WIDE = ['utf-16le', 'utf-16be'];
/** How ISO-2022-JP and its like switch to another alphabet; their bytes are all ASCII. */
// eslint-disable-next-line no-control-regex
const SHIFT = /\x1b(?:\$|\([IJ])/;
const BEYOND_ASCII = /[^\0-\x7f]/;
/** Bytes that are enough to tell encodings apart; they are taken from where the bytes are not ASCII. */
const SAMPLE = 100_000;
/** Control characters that no text holds. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]/g;
/** A control character for so many others is a sign of a binary file, or of a wrong encoding. */
const TOLERABLE = 1 / 1000;

/** Reads bytes as UTF-8, or as what their first bytes say; else looks for encodings that fit. */
export async function decode(bytes: Uint8Array): Promise<Decoded> {
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  const text = readAs(bytes, marked?.[0] ?? 'utf-8');
  if (text !== null && !text.includes('\0') && (marked || !mayBeShifted(text))) {
    return { kind: 'text', text };
  }
  const encodings = (await candidates(bytes)).filter(each => {
    const found = readAs(bytes, each);
    return found !== null && isText(found);
  });
  if (text !== null && encodings[0] === 'utf-8') {
    return { kind: 'text', text };
  }
  return encodings.length ? { kind: 'unsure', encodings } : { kind: 'binary' };
}

/** The text of the bytes in this encoding; `null` where they are none, or the browser doesn't know it. */
export function readAs(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Names of encodings that the browser knows, without repetition; the detector is loaded only here. */
async function candidates(bytes: Uint8Array): Promise<readonly string[]> {
  const { analyse } = await import('chardet');
  const first = bytes.findIndex(byte => byte > 0x7f || byte === 0);
  const sample = bytes.subarray(Math.max(0, first), Math.max(0, first) + SAMPLE);
  const named = analyse(sample)
    .filter(({ confidence }) => confidence > 0)
    .map(({ name }) => name);
  const all = bytes.includes(0) ? [...WIDE, ...named, ...COMMON] : [...named, ...COMMON];
  return [...new Set(all.flatMap(knownName))];
}

/** The browser's own name for an encoding: it reads ISO-8859-1 as windows-1252, for example. */
function knownName(name: string): readonly string[] {
  try {
    return [new TextDecoder(name).encoding];
  } catch {
    return [];
  }
}

/** Whether a text that was read as UTF-8 may be in ISO-2022-JP or its like. */
function mayBeShifted(text: string): boolean {
  return SHIFT.test(text) && !BEYOND_ASCII.test(text);
}

/** Whether it may be what somebody wrote: no NUL, and hardly any other control characters. */
function isText(text: string): boolean {
  const controls = text.match(CONTROLS)?.length ?? 0;
  return !text.includes('\0') && controls <= text.length * TOLERABLE;
}
