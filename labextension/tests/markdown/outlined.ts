import { Text } from '@codemirror/state';

import { blockParser } from '../../src/markdown/commonMark';
import { bodyFrom } from '../../src/markdown/frontMatter';
import { outlineOf } from '../../src/markdown/outline';
import { textHash } from '../../src/markdown/textHash';

/** A text, and what the server finds in it. */
export interface Outlined {
  readonly text: string;
  readonly entries: readonly object[];
  readonly wholeHash: string;
}

/** What the page finds in a text, in the form in which the server answers. */
export function outlined(content: string): Outlined {
  const text = Text.of(content.split('\n'));
  const at = bodyFrom(content);
  const outline = outlineOf(blockParser.parse(content.slice(at)), text, at);
  return {
    text: content,
    entries: outline.entries.map(({ from, to, ...entry }) => ({
      ...entry,
      textHash: textHash(outline, text, { from, to })
    })),
    wholeHash: textHash(outline, text, { from: at, to: text.length })
  };
}
