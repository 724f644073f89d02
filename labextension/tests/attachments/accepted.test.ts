import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { filesIn, refusalOf } from '../../src/attachments/accepted';

const trans = nullTranslator.load('test');
const file = (name: string, type: string, size = 1) => ({ name, type, size });

describe('a file', () => {
  it('is taken if it is a picture of a kind that every browser shows', () => {
    for (const type of ['png', 'jpeg', 'gif', 'webp', 'svg+xml']) {
      expect(refusalOf(file('a', `image/${type}`), undefined, trans)).toBeNull();
    }
  });

  it('is refused with what would be taken', () => {
    for (const type of ['image/heic', 'image/bmp', 'application/pdf', '']) {
      expect(refusalOf(file('a.x', type), undefined, trans)).toBe(
        '“a.x” was not put into the spec: it is no such picture. A spec takes PNG, JPEG, GIF, WebP or SVG of up to 10 MB.'
      );
    }
    const large = refusalOf(file('b.png', 'image/png', 3 << 20), 2 << 20, trans);
    expect(large).toContain('it is too large');
    expect(large).toContain('up to 2 MB');
  });
});

describe('what is pasted', () => {
  const transfer = (files: readonly unknown[], text: string) =>
    ({ files, getData: () => text }) as unknown as DataTransfer;

  it('is files, unless it has text too, as from a word processor', () => {
    expect(filesIn(transfer([1, 2], ''))).toEqual([1, 2]);
    expect(filesIn(transfer([1], 'some words'))).toEqual([]);
    expect(filesIn(transfer([], ''))).toEqual([]);
    expect(filesIn(null)).toEqual([]);
  });
});
