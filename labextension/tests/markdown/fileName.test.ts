import { describe, expect, it } from 'vitest';

import { fileNameOf } from '../../src/markdown/fileName';

describe('fileNameOf', () => {
  it.each([
    ['Churn model', 'Churn model.md'],
    ['a/b: "c"', 'a-b- -c.md'],
    ['../..', 'spec.md'],
    ['日本語', '日本語.md']
  ])('%j becomes %j', (title, name) => {
    expect(fileNameOf(title)).toBe(name);
  });
});
