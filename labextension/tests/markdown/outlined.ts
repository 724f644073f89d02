import { Text } from '@codemirror/state';

import { outlineOf } from '../../src/markdown/outlineReading';
import { textHash } from '../../src/markdown/textHash';
import { parsed } from '../../src/markdown/textParsing';

/** A text, and what the server finds in it. */
export interface Outlined {
  readonly text: string;
  readonly entries: readonly object[];
  readonly wholeHash: string;
}

/** What the page finds in a text, in the form in which the server answers. */
export function outlined(content: string): Outlined {
  const text = Text.of(content.split('\n'));
  const whole = parsed(text);
  const outline = outlineOf(whole);
  return {
    text: content,
    entries: outline.entries.map(({ from, to, ...entry }) => ({
      ...entry,
      textHash: textHash(outline, text, { from, to })
    })),
    wholeHash: textHash(outline, text, { from: whole.bodyFrom, to: text.length })
  };
}
