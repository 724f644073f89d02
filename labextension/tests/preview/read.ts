import { Text as EditorText } from '@codemirror/state';
import type { Tree } from '@lezer/common';

import { blockParser } from '../../src/markdown/commonMark';
import { type Block, BlockReader } from '../../src/preview/blocks';
import { finish } from '../../src/text';

export interface Parsed {
  readonly doc: EditorText;
  readonly tree: Tree;
  readonly blocks: readonly Block[];
}

/** The blocks of a text without front matter. */
export function read(text: string, reader = new BlockReader()): Parsed {
  const doc = EditorText.of(text.split('\n'));
  const tree = blockParser.parse(text);
  return { doc, tree, blocks: finish(reader.read(tree, doc)) };
}

export function sources(text: string): string[] {
  return read(text).blocks.map(({ content }) => content.source);
}

export function keys(text: string): string[] {
  return read(text).blocks.map(({ content }) => content.key);
}
