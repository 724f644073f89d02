import { Text as EditorText } from '@codemirror/state';

import { parseInSteps } from '../../src/markdown/textParsing';
import { BlockReader } from '../../src/preview/blockReader';
import type { Block, Blocks } from '../../src/preview/blocks';
import { finish } from '../../src/text';

/** The blocks of a text, which is parsed in chunks of `size`. */
export function blocksOf(text: string, reader = new BlockReader(), size?: number): Blocks {
  const doc = EditorText.of(text.split('\n'));
  return finish(reader.read(finish(parseInSteps(doc, size === undefined ? {} : { size }))));
}

export function read(text: string): { readonly blocks: readonly Block[] } {
  return { blocks: [...blocksOf(text)] };
}

export function sources(text: string): string[] {
  return read(text).blocks.map(({ content }) => content.source);
}

export function keys(text: string): string[] {
  return read(text).blocks.map(({ content }) => content.key);
}
