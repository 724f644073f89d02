// @vitest-environment node

import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { exported } from '../../src/specs/exportZip';

const [ONE, TWO] = ['1', '2'].map(digit => digit.repeat(64)) as [string, string];
const never = () => Promise.reject(new Error('not asked'));

describe('the file of a spec', () => {
  it('is its Markdown, if it has no pictures', async () => {
    const { blob, fileName, missing } = await exported('# T ![a](x.png)\n', 'T.md', never);
    expect([await blob.text(), fileName, missing]).toEqual(['# T ![a](x.png)\n', 'T.md', 0]);
  });

  it('has its pictures where the text says that they are', async () => {
    const text = `![a](attachments/${ONE}.png) ![b](attachments/${ONE}.png) <img src="attachments/${TWO}.svg">`;
    const { blob, fileName, missing } = await exported(text, 'Größe.md', id =>
      id === ONE ? Promise.resolve(new Blob([new Uint8Array([1, 2])])) : never()
    );
    expect([fileName, missing]).toEqual(['Größe.zip', 1]);
    const files = unzipSync(new Uint8Array(await blob.arrayBuffer()));
    expect(Object.keys(files)).toEqual(['Größe.md', `attachments/${ONE}.png`]);
    expect(strFromU8(files['Größe.md']!)).toBe(text);
    expect([...files[`attachments/${ONE}.png`]!]).toEqual([1, 2]);
  });
});
