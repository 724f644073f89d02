import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { threadMarks } from '../../src/editor/threadMarks';
import { Composing } from '../../src/threads/composing';
import { changesOf, markThreads } from '../../src/threads/marking';
import { clearDesks, desk } from '../editor/kit';
import { content } from '../kit/arbitraries';
import { MemoryThreads } from './memoryThreads';

afterEach(clearDesks);

async function nextFrame(): Promise<void> {
  await new Promise(resolve => requestAnimationFrame(resolve));
}

function scene() {
  const { ann } = desk('The quick brown fox', threadMarks);
  const threads = new MemoryThreads();
  const composing = new Composing(ann.view, threads);
  const trans = nullTranslator.load('');
  const end = markThreads({ view: ann.view, threads, composing, trans });
  const found = (selector: string) => [
    ...ann.view.contentDOM.querySelectorAll<HTMLElement>(selector)
  ];
  return { ann, threads, composing, end, found };
}

describe('what a suggestion changes', () => {
  it('makes of the present words the suggested ones', () => {
    fc.assert(
      fc.property(content, content, (words, replacement) => {
        const made = changesOf(words, replacement).reduceRight(
          (text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to),
          words
        );
        expect(made).toBe(replacement);
      })
    );
  });

  it('is so also in words of which several letters change, and overlaps nowhere', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'é', '你', '好', '-', ' ', '🎉'), {
      maxLength: 14
    });
    fc.assert(
      fc.property(letters, letters, (one, other) => {
        const [words, replacement] = [one.join(''), other.join('')];
        const changes = changesOf(words, replacement);
        const made = changes.reduceRight(
          (text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to),
          words
        );
        expect(made).toBe(replacement);
        changes.slice(1).forEach(({ from }, index) => {
          expect(from).toBeGreaterThanOrEqual(changes[index]!.to);
        });
      }),
      { numRuns: 500 }
    );
  });

  it('is told in whole words, and letter by letter where these have no spaces', () => {
    expect(changesOf('re-read it', 're-reads it')).toEqual([{ from: 7, to: 7, insert: 's' }]);
    expect(changesOf('quicker', 'quietly')).toEqual([{ from: 0, to: 7, insert: 'quietly' }]);
    expect(changesOf('我很好吗', '我真好吗')).toEqual([{ from: 1, to: 2, insert: '真' }]);
  });

  it('is told from left to right, once a place', () => {
    expect(changesOf('the big fox', 'a big red fox')).toEqual([
      { from: 0, to: 3, insert: 'a' },
      { from: 7, to: 7, insert: ' red' }
    ]);
  });
});

describe('marked threads', () => {
  it('are the open ones, with who wrote them', async () => {
    const { threads, found } = scene();
    threads.comment({ start: 4, end: 9 }, 'How quick?');
    const { threadId } = threads.suggest({ start: 10, end: 15 }, 'red');
    await nextFrame();
    expect(found('.cm-mod-comment').map(({ textContent }) => textContent)).toEqual(['quick']);
    expect(found('.cm-mod-comment')[0].title).toContain('How quick?');
    expect(found('.cm-threadInserted').map(({ dataset }) => dataset.letters)).toEqual(['red']);
    await threads.setState(threadId, 'rejected');
    await nextFrame();
    expect(found('.cm-threadInserted')).toEqual([]);
  });

  it('of a long passage show what differs as one change, where that is long itself', async () => {
    const { ann, threads, found } = scene();
    const long = Array.from({ length: 2_000 }, (_, index) => `word${index}`).join(' ');
    ann.view.dispatch({ changes: { from: 0, insert: `🎉${long}🎂` }, userEvent: 'input.paste' });
    const range = { start: 0, end: long.length + 4 };
    threads.suggest(range, `🎉${long.replace('word7 ', 'other ')}🎂`);
    await nextFrame();
    expect(found('.cm-threadInserted').map(({ dataset }) => dataset.letters)).toEqual(['other']);
    threads.all = [];
    threads.suggest(range, `🎈${long.replaceAll('word', 'term')}🎁`);
    await nextFrame();
    const deleted = found('.cm-threadDeleted').map(({ textContent }) => textContent);
    expect(deleted.join('')).toContain('🎉word0 word1 word2');
  });

  it('show the selected one, and what is being written', async () => {
    const { threads, composing, found } = scene();
    const { threadId } = threads.comment({ start: 4, end: 9 }, 'How quick?');
    threads.select(threadId);
    await nextFrame();
    expect(found('.cm-mod-selected')).toHaveLength(1);
    composing.begin('suggestion', 10, 15);
    composing.write({ replacement: 'red' });
    await nextFrame();
    expect(found('.cm-threadInserted.cm-mod-draft').map(each => each.dataset.letters)).toEqual([
      'red'
    ]);
    composing.discard();
    await nextFrame();
    expect(found('.cm-mod-draft')).toEqual([]);
  });

  it('end with what shows them', async () => {
    const { threads, end, found } = scene();
    threads.comment({ start: 4, end: 9 }, 'How quick?');
    await nextFrame();
    end();
    await nextFrame();
    expect(found('.cm-thread')).toEqual([]);
  });
});
