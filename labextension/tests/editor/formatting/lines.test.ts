import { describe, expect, it } from 'vitest';

import { insertLink, type LineKind, setHeading, toggleLines } from '../../../src/editor/formatting';
import { editorOf, markedText } from './kit';

function textAfter(marked: string, run: (view: ReturnType<typeof editorOf>) => boolean): string {
  const view = editorOf(marked);
  run(view);
  return markedText(view);
}

describe('lines', () => {
  it.each([
    ['bullet', 'o¦ne', '- o¦ne'],
    ['bullet', '- o¦ne', 'o¦ne'],
    ['bullet', '  1. o¦ne', '  - o¦ne'],
    ['bullet', '- [ ] o¦ne', '- o¦ne'],
    ['task', '- o¦ne', '- [ ] o¦ne'],
    ['task', '- [x] o¦ne', 'o¦ne'],
    ['number', '⟦one\n\ntwo\nthree⟧', '1. ⟦one\n\n2. two\n3. three⟧'],
    ['quote', '⟦one\ntwo\n⟧three', '> ⟦one\n> two\n⟧three'],
    ['bullet', '¦', '- ¦']
  ] as const)('become %s: %j to %j', (kind: LineKind, before, after) => {
    expect(textAfter(before, view => toggleLines(view, kind))).toBe(after);
  });

  it.each([
    [2, 'A¦ title', '## A¦ title'],
    [2, '### A¦ title', '## A¦ title'],
    [2, '## A¦ title', 'A¦ title'],
    [0, '## A¦ title', 'A¦ title'],
    [1, '¦', '# ¦']
  ] as const)('become headings of level %d: %j to %j', (level, before, after) => {
    expect(textAfter(before, view => setHeading(view, level))).toBe(after);
  });
});

describe('a link', () => {
  it.each([
    ['see ⟦here⟧', 'see [here](⟦https://⟧)'],
    ['see ⟦https://example.org/a⟧', 'see [¦](https://example.org/a)'],
    ['see ¦', 'see [¦](https://)']
  ])('is made of %j: %j', (before, after) => {
    expect(textAfter(before, insertLink)).toBe(after);
  });
});
