import { afterEach, describe, expect, it } from 'vitest';

import { newMarkMargin, renewNewMarks, setNewMarks } from '../../src/editor/newMarks';
import { subjectIn } from '../../src/editor/sectionNote';
import { clearDesks, desk, put, shown } from './kit';

afterEach(clearDesks);

const TEXT = 'one\ntwo\nthree\nfour\n';

/** The lines that are marked, and how. */
function marked({ contentDOM, dom }: { contentDOM: HTMLElement; dom: HTMLElement }) {
  expect(contentDOM.textContent).not.toBe('');
  return [...dom.querySelectorAll<HTMLElement>('.cm-newMark')].map(element => ({
    kind: element.className.replace(/cm-(newMark|mod-)\s*/g, '').trim(),
    title: element.title,
    colour: element.style.getPropertyValue('--speccollab-person')
  }));
}

const mark = (from: number, to: number, title = 'Ann, today', isSeen = false) => ({
  from,
  to,
  title,
  isSeen,
  colour: '#336699'
});

describe('the margin', () => {
  it('has a mark for each line with something new, with who and when', () => {
    const { view } = desk(TEXT, newMarkMargin()).bob;
    let marks = [mark(5, 6), mark(7, 10), mark(14, 14, 'Ann removed something here')];
    setNewMarks(view, () => marks);
    expect(marked(view)).toEqual([
      { kind: '', title: 'Ann, today', colour: '#336699' },
      { kind: '', title: 'Ann, today', colour: '#336699' },
      { kind: 'gone', title: 'Ann removed something here', colour: '#336699' }
    ]);
    marks = [mark(4, 5, 'Ann, today', true), mark(5, 7, 'Bob, today', true)];
    renewNewMarks(view);
    expect(marked(view)).toMatchObject([{ kind: 'seen', title: 'Ann, today\nBob, today' }]);
    marks = [];
    renewNewMarks(view);
    expect(marked(view)).toEqual([]);
  });

  it('asks for what is new in the text that the editor has, with each change', () => {
    const { ann, bob, world } = desk(TEXT, newMarkMargin());
    const lengths: [number, number][] = [];
    setNewMarks(bob.view, (from, to) => {
      lengths.push([to, bob.connection.document.utf16Length]);
      return [mark(from, from + 3)];
    });
    put(ann, 0, 'new line\n');
    world.run(1_000);
    shown(bob);
    expect(marked(bob.view)).toHaveLength(1);
    expect(lengths.every(([to, length]) => to === length)).toBe(true);
    expect(lengths.length).toBeGreaterThan(1);
  });
});

describe('the margin, while one types', () => {
  it('moves its marks, and asks again when the document has what was typed', () => {
    const { bob } = desk(TEXT, newMarkMargin());
    const asked: number[] = [];
    setNewMarks(bob.view, (_, to) => {
      asked.push(to - bob.connection.document.utf16Length);
      return [mark(4, 7)];
    });
    const count = asked.length;
    put(bob, 0, 'new line\n');
    expect(marked(bob.view)).toHaveLength(1);
    expect(asked).toHaveLength(count);
    renewNewMarks(bob.view);
    expect(asked.every(difference => difference === 0)).toBe(true);
    expect(asked.length).toBeGreaterThan(count);
  });
});

describe('the heading or requirement of a line', () => {
  const begins = [0, 10, 10, 30, 55];
  const entries = begins.map((from, index) => ({
    kind: index === 3 ? 'task' : 'heading',
    id: String(index),
    from,
    to: from
  }));
  const outline = {
    entry: (index: number) => (entries[index] as never) ?? null,
    extentOf: ({ from, to }: { from: number; to: number }) => ({ from, to })
  };
  const idIn = (from: number, to: number) => subjectIn(outline, from, to)?.id ?? null;

  it('is the last one that begins there', () => {
    expect([idIn(0, 9), idIn(10, 19), idIn(50, 60)]).toEqual(['0', '2', '4']);
    expect([idIn(1, 9), idIn(20, 29), idIn(30, 40), idIn(60, 99)]).toEqual([
      null,
      null,
      null,
      null
    ]);
    expect(subjectIn({ ...outline, entry: () => null }, 0, 9)).toBeNull();
  });
});
