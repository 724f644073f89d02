import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Authors } from '../../../src/history/compare/authors';
import { Editors } from '../../../src/history/compare/editors';
import { exportedComparison } from '../../../src/history/compare/exported';
import { type CompareMode, modeIn } from '../../../src/history/compare/memory';
import { differencesIn, takenBack } from '../../../src/history/compare/passage';
import type { Passage } from '../../../src/history/compare/passages';
import { apply, diff, Operation, Text } from '../../../src/text';

const trans = nullTranslator.load('');
const SAME = Array.from({ length: 20 }, (_, line) => `line ${line} stays\n`).join('');
const OLD = `first\n${SAME}middle words\n${SAME}last\n`;
const NEW = `FIRST\n${SAME}middle letters\n${SAME}last\nand more\n`;

const authorsOf = (text: Text) =>
  Authors.of({
    version: 2,
    runs: [[text.length, 2, 0, 1_790_000_000]],
    people: [{ userId: 'grace', userName: 'Grace', color: '#2460fc' }]
  });

const shown: Editors[] = [];

function editorsOf(mode: 'unified' | 'beside', isRestorable = true) {
  const [older, first] = [Text.of(OLD), Text.of(NEW)];
  const live = { text: first };
  const restore = vi.fn<(passage: Passage) => void>();
  const editors = new Editors({
    older,
    newer: first,
    difference: diff(OLD, NEW),
    mode,
    isFolded: true,
    extensions: [],
    trans,
    locale: 'en',
    written: () => ({
      text: live.text,
      authors: authorsOf(live.text),
      told: ({ userName }) => `by ${userName}`
    }),
    isRestorable,
    restore,
    changed: () => undefined
  });
  document.body.append(editors.node);
  shown.push(editors);
  const edit = (operation: Operation) => {
    const before = live.text;
    live.text = before.apply(operation);
    editors.follow([{ operation, before, after: live.text, origin: 'remote', userId: 'grace' }]);
  };
  return { editors, older, live, restore, edit };
}

afterEach(() => shown.splice(0).forEach(each => each.destroy()));

describe.each(['unified', 'beside'] as const)('two texts compared, %s', mode => {
  it('go from one change to the next, around at the ends', () => {
    const { editors } = editorsOf(mode);
    expect(editors.count).toBe(3);
    editors.goTo(0);
    const passed = [editors.current];
    for (let step = 0; step < 3; step++) {
      editors.go(1);
      passed.push(editors.current);
    }
    expect(passed).toEqual([0, 1, 2, 0]);
    editors.go(-1);
    expect(editors.current).toBe(2);
  });

  it('tell the words of a change, and who wrote it', () => {
    const { editors, older, live } = editorsOf(mode);
    const passage = editors.passage(1)!;
    expect([passage.olderWords, passage.newerWords]).toEqual(['middle words', 'middle letters']);
    expect(passage.writers.map(({ userName }) => userName)).toEqual(['Grace']);
    const back = takenBack(older, live.text, passage.differences);
    expect(apply(back, NEW)).toBe(NEW.replace('middle letters', 'middle words'));
    expect(editors.passage(3)).toBeNull();
  });

  it('follow what is written, and nobody writes in them', () => {
    const { editors, older, live, edit } = editorsOf(mode);
    edit(Operation.of(NEW.indexOf('letters'), 'new '));
    expect(editors.passage(1)!.newerWords).toBe('middle new letters');
    edit(Operation.of(NEW.indexOf('line 3'), '🎉 '));
    expect(editors.count).toBe(4);
    const passages = [0, 1, 2, 3].flatMap(index => editors.passage(index)!.differences);
    expect(apply(takenBack(older, live.text, passages), live.text.toString())).toBe(OLD);
    expect(editors.node.querySelector('[contenteditable=true]')).toBeNull();
  });

  it('fold what is the same, and name authors on hover', () => {
    const { editors } = editorsOf(mode);
    expect(editors.node.querySelector('.cm-collapsedLines')?.textContent).toMatch(
      /^\d+ unchanged lines$/
    );
    const added = editors.node.querySelector<HTMLElement>('.jp-SpecCompare-by')!;
    expect(added.title).toBe('by Grace');
    expect(added.getAttribute('style')).toContain('#2460fc');
  });
});

describe('a passage in one column', () => {
  it('is restored by its button, which is there for those who may', () => {
    const { editors, restore } = editorsOf('unified');
    const buttons = editors.node.querySelectorAll<HTMLElement>('.jp-SpecCompare-restore');
    expect(buttons[0]!.getAttribute('aria-label')).toBe('Restore this passage');
    buttons[0]!.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }));
    buttons[0]!.click();
    expect(restore).toHaveBeenCalledOnce();
    expect(restore.mock.calls[0]![0].olderWords).toBe('first');
    expect(editors.passage(0)!.newerWords).toBe('FIRST');
    const others = editorsOf('unified', false).editors.node;
    expect(others.querySelector('.jp-SpecCompare-restore')).toBeNull();
  });
});

describe('how texts are shown', () => {
  const state = { mode: 'unified' as CompareMode, isNarrow: false, isLong: false };

  it('is what was chosen, where there is room', () => {
    expect(modeIn(state)).toBe('unified');
    expect(modeIn({ ...state, mode: 'beside' })).toBe('beside');
    expect(modeIn({ ...state, mode: 'beside', isNarrow: true })).toBe('unified');
    expect(modeIn({ ...state, isLong: true, isNarrow: true })).toBe('beside');
    expect(modeIn({ ...state, mode: 'rendered', isLong: true })).toBe('rendered');
  });
});

describe('a comparison as a file', () => {
  it('has what came with its authors, what went, and no code of a text', () => {
    const hostile = '<script>alert(1)</script>\n';
    const [older, newer] = [Text.of(OLD), Text.of(`${hostile}${NEW}`)];
    const page = exportedComparison({
      title: 'Churn <model>',
      olderName: 'Yesterday',
      newerName: 'Now',
      older,
      newer,
      differences: differencesIn(diff(older.toString(), newer.toString()), older, newer),
      authors: authorsOf(newer),
      language: 'en',
      trans,
      told: ({ userName }) => `by ${userName}`
    });
    expect(page).not.toContain('<script');
    expect(page).toContain("default-src 'none'");
    const parsed = new DOMParser().parseFromString(page, 'text/html');
    expect(parsed.querySelector('h1')?.textContent).toBe('Churn <model>');
    expect(parsed.querySelector('ins')?.title).toBe('by Grace');
    expect(parsed.querySelector('pre')?.textContent).toContain(hostile);
    const gone = [...parsed.querySelectorAll('del')].map(each => each.textContent);
    expect(gone.join()).toContain('word');
    expect(parsed.querySelector('small')?.textContent).toMatch(/^\d+ unchanged lines$/);
  });
});
