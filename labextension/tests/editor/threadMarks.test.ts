import { afterEach, describe, expect, it } from 'vitest';

import { catchUp } from '../../src/editor/collaboration';
import { setThreadMarks, type ThreadMark, threadMarks } from '../../src/editor/threadMarks';
import { clearDesks, desk, type Desk, put } from './kit';

afterEach(clearDesks);

const MARK: Omit<ThreadMark, 'id' | 'from' | 'to'> = {
  kind: 'comment',
  changes: [],
  isSelected: false,
  isDraft: false,
  title: 'Ada: Why?'
};

async function nextFrame(): Promise<void> {
  await new Promise(resolve => requestAnimationFrame(resolve));
}

/** A comment on each `quick`, and a suggestion to say `red` instead of `brown`. */
function sourceOf({ connection }: Desk['ann'], also: Partial<ThreadMark> = {}) {
  return (): ThreadMark[] => {
    const text = connection.document.toString();
    return [...text.matchAll(/quick|brown/g)].map(({ index, 0: word }) => {
      const [from, to] = [index, index + word.length];
      const isComment = word === 'quick';
      const changes = isComment ? [] : [{ from, to, insert: 'red\nand so' }];
      const kind = isComment ? 'comment' : 'suggestion';
      return { ...MARK, id: `${word} ${from}`, from, to, kind, changes, ...also };
    });
  };
}

function marked({ view }: Desk['ann'], className: string): string[] {
  const found = view.contentDOM.querySelectorAll(`.${className}`);
  return [...found].map(({ textContent }) => textContent ?? '');
}

describe('the marks of threads', () => {
  it('underline passages, and show what is suggested', async () => {
    const { ann } = desk('The quick brown fox', threadMarks);
    const end = setThreadMarks(ann.view, sourceOf(ann));
    await nextFrame();
    expect(marked(ann, 'cm-thread.cm-mod-comment')).toEqual(['quick']);
    expect(marked(ann, 'cm-threadDeleted')).toEqual(['brown']);
    const inserted = ann.view.contentDOM.querySelector<HTMLElement>('.cm-threadInserted');
    expect(inserted?.dataset.letters).toBe('red\nand so');
    expect(inserted?.title).toBe('Ada: Why?');
    end();
    await nextFrame();
    expect(marked(ann, 'cm-thread')).toEqual([]);
  });

  it('have nothing of a suggestion in the text that is selected, copied or found', async () => {
    const { ann } = desk('The quick brown fox', threadMarks);
    setThreadMarks(ann.view, sourceOf(ann));
    await nextFrame();
    expect(ann.view.contentDOM.textContent).toBe('The quick brown fox');
    expect(ann.view.state.doc.toString()).toBe('The quick brown fox');
    expect(ann.connection.canUndo).toBe(false);
  });

  it('have a gap before words that come instead of others, and none before those that are only inserted', async () => {
    const { ann } = desk('The quick brown fox', threadMarks);
    const changes = [
      { from: 4, to: 9, insert: 'slow' },
      { from: 15, to: 15, insert: ' and old' }
    ];
    const mark: ThreadMark = { ...MARK, id: 's', from: 4, to: 15, kind: 'suggestion', changes };
    setThreadMarks(ann.view, () => [mark]);
    await nextFrame();
    const inserted = (also: string) =>
      [...ann.view.contentDOM.querySelectorAll<HTMLElement>(`.cm-threadInserted${also}`)].map(
        ({ dataset }) => dataset.letters
      );
    expect(inserted('.cm-mod-instead')).toEqual(['slow']);
    expect(inserted(':not(.cm-mod-instead)')).toEqual([' and old']);
  });

  it('show which one is selected', async () => {
    const { ann } = desk('The quick brown fox', threadMarks);
    setThreadMarks(ann.view, sourceOf(ann, { isSelected: true }));
    await nextFrame();
    expect(marked(ann, 'cm-thread.cm-mod-selected')).toEqual(['quick', 'brown']);
    expect(marked(ann, 'cm-threadInserted.cm-mod-selected')).toHaveLength(1);
  });

  it('follow what one types oneself, and what others type', async () => {
    const { ann, bob, world } = desk('The quick brown fox', threadMarks);
    setThreadMarks(ann.view, sourceOf(ann));
    await nextFrame();
    put(ann, 0, 'quick! ');
    await nextFrame();
    expect(marked(ann, 'cm-thread.cm-mod-comment')).toEqual(['quick', 'quick']);
    put(bob, 0, 'So ');
    world.run(5_000);
    catchUp(ann.view);
    await nextFrame();
    expect(ann.view.state.doc.toString()).toBe('So quick! The quick brown fox');
    expect(marked(ann, 'cm-thread.cm-mod-comment')).toEqual(['quick', 'quick']);
  });

  it('wait while the editor lacks edits of others', async () => {
    const { ann, bob, world } = desk('The quick brown fox', threadMarks);
    setThreadMarks(ann.view, sourceOf(ann));
    await nextFrame();
    put(bob, 0, 'quick ');
    world.run(5_000);
    expect(marked(ann, 'cm-thread.cm-mod-comment')).toEqual(['quick']);
    catchUp(ann.view);
    await nextFrame();
    expect(marked(ann, 'cm-thread.cm-mod-comment')).toEqual(['quick', 'quick']);
  });
});
