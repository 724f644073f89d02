import '../kit/lab';

import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { nullTranslator } from '@jupyterlab/translation';
import { Panel, Widget } from '@lumino/widgets';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { outlining } from '../../src/editor/outline';
import { textParser } from '../../src/editor/textParser';
import { updates } from '../../src/editor/updates';
import { SpecContents } from '../../src/outline/contents';
import { headingCounts } from '../../src/outline/headingCounts';
import type { OutlinedSpec } from '../../src/outline/outlined';
import { countByHeading } from '../../src/threads/headingCounts';
import { eventually } from '../kit/eventually';
import { MemoryThreads } from './memoryThreads';
import { shown } from './threads';

const TEXT = '# One\n\nfirst\n\n## Two\n\nsecond\n\n# Three\n';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('the table of contents tells the open comments of each section', async () => {
  const view = new EditorView({
    state: EditorState.create({ doc: TEXT, extensions: [textParser, outlining, updates] }),
    parent: document.body
  });
  vi.runAllTimers();
  const at = (words: string) => {
    const start = TEXT.indexOf(words);
    return { range: { start, end: start + words.length } };
  };
  const threads = new MemoryThreads([
    shown('a', {}, at('first')),
    shown('b', {}, at('second')),
    shown('c', {}, at('second')),
    shown('d', { state: 'resolved' }, at('second'))
  ]);
  const stop = countByHeading(view, threads, nullTranslator.load(''));
  vi.runAllTimers();
  const counts = () => [...headingCounts(view)].map(([id, { label }]) => [id, label]);
  expect(counts()).toEqual([
    ['one', '1 open comment'],
    ['two', '2 open comments']
  ]);
  const content = Object.assign(new Widget(), { editor: view, head: new Panel(), preview: null });
  const spec: OutlinedSpec = Object.assign(new Widget(), { specId: 'a', content });
  const contents = new SpecContents(spec);
  contents.isActive = true;
  await eventually(() => expect(contents.headings).toHaveLength(3));
  const told = () => contents.headings.map(({ dataset }) => dataset?.['data-spec-comments']);
  expect(told()).toEqual(['1', '2', undefined]);
  threads.all = threads.all.slice(0, 2);
  vi.runAllTimers();
  await eventually(() => expect(told()).toEqual(['1', '1', undefined]));
  stop();
  contents.dispose();
  view.destroy();
});
