// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { decode, readAs } from '../../src/markdown/encoding';

const GERMAN = '# Übersicht\n\nGrüße aus Köln, die Straße ist schön und führt über die Brücke.\n';
const RUSSIAN = '# Обзор\n\nЭто спецификация модели оттока клиентов, её пишут несколько человек.\n';
const JAPANESE = '# 概要\n\nこれは仕様書です。みんなで書きます。\n';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** The bytes of a text in an encoding of one or two bytes a character, found by decoding all of them. */
function encode(text: string, encoding: string): Uint8Array {
  const decoder = new TextDecoder(encoding);
  const known = new Map<string, number[]>();
  for (let byte = 255; byte >= 0; byte--) {
    known.set(decoder.decode(Uint8Array.of(byte)), [byte]);
  }
  for (let lead = 0x81; lead <= 0xfc; lead++) {
    for (let trail = 0x40; trail <= 0xfc; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (!known.has(character)) {
        known.set(character, [lead, trail]);
      }
    }
  }
  return Uint8Array.from([...text].flatMap(character => known.get(character)!));
}

function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  Array.from({ length: text.length }, (_, index) =>
    view.setUint16(2 * index, text.charCodeAt(index), isLittle)
  );
  return bytes;
}

describe('the bytes of a file', () => {
  it.each([
    ['UTF-8', utf8(GERMAN), GERMAN],
    ['UTF-8 with a mark', utf8(`\uFEFF${RUSSIAN}`), RUSSIAN],
    ['UTF-16, little end first, with a mark', utf16(`\uFEFF${JAPANESE}`, true), JAPANESE],
    ['UTF-16, big end first, with a mark', utf16(`\uFEFF${GERMAN}`, false), GERMAN],
    ['nothing', new Uint8Array(), ''],
    ['a terminal’s colours', utf8('\u001b[1mHi\u001b[0m'), '\u001b[1mHi\u001b[0m'],
    ['a terminal’s alphabets', utf8('\u001b(BGrüße'), '\u001b(BGrüße'],
    ['a terminal’s alphabets in ASCII', utf8('\u001b(BHi, all'), '\u001b(BHi, all']
  ])('that are %s are a text at once', async (_, bytes, text) => {
    expect(await decode(bytes)).toEqual({ kind: 'text', text });
  });

  it.each([
    ['windows-1252', encode(GERMAN, 'windows-1252'), GERMAN],
    ['windows-1251', encode(RUSSIAN, 'windows-1251'), RUSSIAN],
    ['koi8-r', encode(RUSSIAN, 'koi8-r'), RUSSIAN],
    ['shift_jis', encode(JAPANESE, 'shift_jis'), JAPANESE],
    ['utf-16le', utf16(GERMAN, true), GERMAN],
    ['utf-16be', utf16(GERMAN, false), GERMAN],
    ['iso-2022-jp', utf8('# \u001b$B35MW\u001b(B\n'), '# 概要\n']
  ])('in %s are offered in that encoding first', async (encoding, bytes, text) => {
    const decoded = await decode(bytes);
    expect(decoded.kind === 'unsure' && decoded.encodings[0]).toBe(encoding);
    expect(readAs(bytes, encoding)).toBe(text);
  });

  it('offer only encodings in which they are text', async () => {
    const decoded = await decode(encode(GERMAN, 'windows-1252'));
    const encodings = decoded.kind === 'unsure' ? decoded.encodings : [];
    expect(encodings).toContain('windows-1250');
    expect(encodings).not.toContain('utf-8');
    expect(encodings).not.toContain('utf-16le');
    expect(new Set(encodings).size).toBe(encodings.length);
  });

  it.each([
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68)],
    ['bytes of any value', Uint8Array.from({ length: 4001 }, (_, i) => (i * 7919 + i * i) % 256)],
    ['UTF-32', Uint8Array.of(0xff, 0xfe, 0, 0, 0x48, 0, 0, 0, 0x69, 0, 0, 0)]
  ])('that are %s are refused', async (_, bytes) => {
    expect(await decode(bytes)).toEqual({ kind: 'binary' });
  });
});
