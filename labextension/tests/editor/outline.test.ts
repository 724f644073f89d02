/** The outline that an editor keeps, and folding by it. */
import { foldable, foldedRanges } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  editorOutline,
  goToPosition,
  onOutline,
  outlining,
  toggleFold,
  whenOutlined
} from '../../src/editor/outline';
import { textParser } from '../../src/editor/textParser';

const TEXT = `---
title: Login
---

# Login

Text.

## FR-001: Log in

- [ ] T001 Build it
- [x] Done

\`\`\`
# not a heading
\`\`\`


# End
`;

let view: EditorView;

beforeEach(() => {
  vi.useFakeTimers();
  view = viewOf(TEXT);
  vi.runAllTimers();
});

afterEach(() => {
  view.destroy();
  vi.useRealTimers();
});

function viewOf(doc: string): EditorView {
  return new EditorView({
    state: EditorState.create({ doc, extensions: [textParser, outlining] })
  });
}

function pathAt(words: string): string[] {
  const { state } = view;
  return (editorOutline(state)?.pathAt(state.doc.toString().indexOf(words)) ?? []).map(
    ({ id }) => id
  );
}

/** What folding at a line leaves out. */
function folded(line: string): string | null {
  const { state } = view;
  const from = state.doc.toString().indexOf(line);
  const range = foldable(state, from, state.doc.lineAt(from).to);
  return range && state.sliceDoc(range.from, range.to);
}

describe('the outline of an editor', () => {
  it('tells the section of a place', () => {
    expect(pathAt('title')).toEqual([]);
    expect(pathAt('Text.')).toEqual(['login']);
    expect(pathAt('Done')).toEqual(['login', 'FR-001']);
    expect(pathAt('# End')).toEqual(['end']);
  });

  it('keeps its places while the text changes, before it is read anew', () => {
    view.dispatch({ changes: { from: TEXT.indexOf('Text.'), insert: 'More. 😀\n\n' } });
    expect(pathAt('Done')).toEqual(['login', 'FR-001']);
    expect(folded('## FR-001')).toContain('not a heading\n```');
    vi.runAllTimers();
    expect(pathAt('Done')).toEqual(['login', 'FR-001']);
  });

  it('is read anew after a change', () => {
    const told = vi.fn();
    onOutline(view, told);
    view.dispatch({ changes: { from: TEXT.indexOf('Text.'), insert: '## New\n\n' } });
    vi.runAllTimers();
    expect(told).toHaveBeenCalledOnce();
    expect(pathAt('Text.')).toEqual(['login', 'new']);
  });

  it('is there again where JupyterLab makes the state anew', () => {
    const told = vi.fn();
    onOutline(view, told);
    view.setState(EditorState.create({ doc: '# Other\n', extensions: [textParser, outlining] }));
    vi.runAllTimers();
    expect(told).toHaveBeenCalled();
    expect(pathAt('Other')).toEqual(['other']);
  });

  it('folds front matter, and sections to their last line that is not blank', () => {
    expect(folded('---')).toBe('\ntitle: Login\n---');
    expect(folded('## FR-001')).toMatch(/^\n\n- \[ \] T001[^]*heading\n```$/);
    expect(folded('# End')).toBeNull();
    expect(folded('# not a heading')).toBeNull();
  });

  it('folds a section that is longer than what the editor’s own parser reads', () => {
    view.destroy();
    view = viewOf(`# Long\n\n${'A paragraph of text.\n\n'.repeat(20_000)}# Next\n`);
    vi.runAllTimers();
    expect(folded('# Long')?.length).toBeGreaterThan(400_000);
  });

  it('folds the section of the caret by a key, and unfolds it', () => {
    view.dispatch({ selection: { anchor: TEXT.indexOf('Done') } });
    expect(toggleFold(view)).toBe(true);
    expect(foldedRanges(view.state).size).toBe(1);
    expect(view.state.doc.lineAt(view.state.selection.main.head).text).toBe('## FR-001: Log in');
    toggleFold(view);
    expect(foldedRanges(view.state).size).toBe(0);
    expect(toggleFold(viewOf('Text.'))).toBe(false);
  });

  it('opens what is folded where somebody goes', () => {
    goToPosition(view, TEXT.indexOf('FR-001'));
    toggleFold(view);
    goToPosition(view, TEXT.indexOf('Done'));
    expect(view.state.selection.main.head).toBe(TEXT.indexOf('Done'));
    expect(foldedRanges(view.state).size).toBe(0);
  });

  it('is waited for where a text has just arrived', async () => {
    const fresh = viewOf('');
    vi.runAllTimers();
    expect(editorOutline(fresh.state)?.isCurrent).toBe(true);
    fresh.dispatch({ changes: { from: 0, insert: TEXT } });
    const outlined = whenOutlined(fresh);
    expect(editorOutline(fresh.state)?.entries).toEqual([]);
    vi.runAllTimers();
    await outlined;
    expect(editorOutline(fresh.state)?.entries).not.toEqual([]);
    await whenOutlined(fresh);
    fresh.destroy();
  });
});
