/**
 * Splits a text into tokens, lines or words, for a comparison.
 *
 * The character classes are written out, because `\w`, `\s` and `\p{L}` differ between languages and between
 * versions of Unicode. `jupyter_speccollab/text/_tokens.py` holds the same ones.
 */
import { STEP, type Steps } from './steps';

/**
 * Letters, digits and combining marks below U+2E80: its blocks of scripts without their punctuation. Above lie
 * the scripts that do not separate words by spaces; their characters are compared one by one.
 */
const LETTERS =
  '0-9A-Z_a-z\\u00aa\\u00b2\\u00b3\\u00b5\\u00b9\\u00ba\\u00bc-\\u00be\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u037d' +
  '\\u037f-\\u0386\\u0388-\\u0559\\u0560-\\u0588\\u058b-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7-\\u05f2' +
  '\\u05f5-\\u060b\\u060e-\\u061a\\u061c\\u0620-\\u0669\\u066e-\\u06d3\\u06d5-\\u06ff\\u070e-\\u0963\\u0966-\\u096f' +
  '\\u0971-\\u0e4e\\u0e50-\\u0e59\\u0e5c-\\u0f03\\u0f15-\\u1049\\u1050-\\u10fa\\u10fc-\\u135f\\u1369-\\u166d' +
  '\\u166f-\\u167f\\u1681-\\u17d3\\u17d7\\u17db-\\u17ff\\u180b-\\u1fff\\u200c\\u200d\\u2070-\\u209c\\u2c00-\\u2dff';

/** All white space but the newline. */
const SPACES = '\\t\\x0b\\x0c\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const LINE = '[^\\n]*\\n|[^\\n]+';
const WORD = `[${LETTERS}]+|[${SPACES}]+|[^]`;

/** The lines of `text`, each with its newline; no other character ends a line. */
export function linesOf(text: string): Steps<string[]> {
  return tokensOf(text, new RegExp(LINE, 'g'));
}

/** The words of `text`, the spaces between them, and every other character by itself. */
export function wordsOf(text: string): Steps<string[]> {
  // eslint-disable-next-line no-misleading-character-class -- the class holds single code points, marks too
  return tokensOf(text, new RegExp(WORD, 'gu'));
}

function* tokensOf(text: string, pattern: RegExp): Steps<string[]> {
  const tokens: string[] = [];
  for (const [token] of text.matchAll(pattern)) {
    tokens.push(token);
    if (tokens.length % STEP === 0) {
      yield;
    }
  }
  return tokens;
}
