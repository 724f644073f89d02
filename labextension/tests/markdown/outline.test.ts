/** The outline of a text: the vectors are those of the server's tests. */
import { Text } from '@codemirror/state';
import { describe, expect, it } from 'vitest';

import { blockParser } from '../../src/markdown/commonMark';
import { bodyFrom } from '../../src/markdown/frontMatter';
import { outlineOf } from '../../src/markdown/outline';
import { textHash } from '../../src/markdown/textHash';
import { read, VECTORS } from '../text/vectors';

interface Case {
  readonly text: string;
  readonly entries: readonly object[];
  readonly wholeHash: string;
}

/** What the server answers for a text. */
function outlined(content: string): Omit<Case, 'text'> {
  const text = Text.of(content.split('\n'));
  const at = bodyFrom(content);
  const tree = blockParser.parse(content.slice(at));
  const outline = outlineOf(tree, text, at);
  return {
    entries: outline.entries.map(({ from, to, ...entry }) => ({
      ...entry,
      textHash: textHash(outline, text, { from, to })
    })),
    wholeHash: textHash(outline, text, { from: at, to: text.length })
  };
}

describe('an outline', () => {
  it.each(
    read<Case>(`${VECTORS}outline.jsonl`).map(({ text, ...expected }) => [text, expected] as const)
  )('of %j is as in the vectors', (text, expected) => {
    expect(outlined(text)).toEqual({ entries: expected.entries, wholeHash: expected.wholeHash });
  });
});
