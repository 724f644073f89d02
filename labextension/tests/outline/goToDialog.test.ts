/** How one goes to a heading or a requirement. */
import '../kit/lab';

import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { nullTranslator } from '@jupyterlab/translation';
import { Panel, Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { outlining } from '../../src/editor/outline';
import { updates } from '../../src/editor/updates';
import { textParser } from '../../src/editor/textParser';
import { Breadcrumbs } from '../../src/outline/breadcrumbs';
import { SpecContents } from '../../src/outline/contents';
import { GoToDialog } from '../../src/outline/goToDialog';
import type { OutlinedSpec } from '../../src/outline/outlined';

const TEXT =
  '# Login\n\n## FR-001: Log in\n\n- [ ] T001 Build it\n- [x] Write it\n\n## Risks\n\nNone.\n';
const trans = nullTranslator.load('test');

let spec: OutlinedSpec;
let view: EditorView;

beforeEach(() => {
  vi.useFakeTimers();
  view = new EditorView({
    state: EditorState.create({ doc: TEXT, extensions: [textParser, outlining, updates] }),
    parent: document.body
  });
  const content = Object.assign(new Widget(), { editor: view, head: new Panel(), preview: null });
  spec = Object.assign(new Widget(), { specId: 'a', content });
  vi.runAllTimers();
});

afterEach(() => {
  view.destroy();
  document.body.replaceChildren();
  vi.useRealTimers();
});

function caretLine(): string {
  const { state } = view;
  return state.doc.lineAt(state.selection.main.head).text;
}

describe('the dialog', () => {
  function opened(): HTMLInputElement {
    new GoToDialog(spec, trans).open();
    return document.querySelector('.jp-SpecGoTo input') as HTMLInputElement;
  }

  const options = () => [...document.querySelectorAll('[role="option"]')];
  const press = (key: string) =>
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));

  function type(input: HTMLInputElement, text: string): void {
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  it('lists headings, requirements and tasks', () => {
    opened();
    expect(options().map(each => each.querySelector('.jp-SpecGoTo-text')?.textContent)).toEqual([
      'Login',
      'FR-001 Log in',
      'T001 Build it',
      'Write it',
      'Risks'
    ]);
  });

  it('goes to what some letters find, by Enter', () => {
    const input = opened();
    type(input, 'rsk');
    expect(options()).toHaveLength(1);
    press('Enter');
    expect(caretLine()).toBe('## Risks');
    expect(document.querySelector('.jp-SpecGoTo')).toBeNull();
  });

  it('is worked by arrows, and tells a screen reader what is chosen', () => {
    const input = opened();
    press('ArrowDown');
    press('ArrowDown');
    const id = input.getAttribute('aria-activedescendant') ?? '';
    expect(document.getElementById(id)?.getAttribute('aria-selected')).toBe('true');
    press('Enter');
    expect(caretLine()).toBe('- [ ] T001 Build it');
  });

  it('says so where nothing is found, and closes by Escape', () => {
    const input = opened();
    type(input, 'zzz');
    expect(document.querySelector('[role="status"]')?.textContent).toContain('Nothing');
    press('Enter');
    expect(document.querySelector('.jp-SpecGoTo')).not.toBeNull();
    press('Escape');
    expect(document.querySelector('.jp-SpecGoTo')).toBeNull();
  });
});

describe('the line above the text', () => {
  it('shows the section of the caret, and goes to a heading', () => {
    const crumbs = new Breadcrumbs(spec, trans);
    view.dispatch({ selection: { anchor: TEXT.indexOf('Write') } });
    vi.runAllTimers();
    const buttons = [...crumbs.node.querySelectorAll('button')];
    expect(buttons.map(each => each.textContent)).toEqual(['Login', 'FR-001 Log in']);
    expect(buttons[1].getAttribute('aria-current')).toBe('location');
    buttons[0].click();
    expect(caretLine()).toBe('# Login');
    crumbs.dispose();
  });

  it('shows nothing before the first heading', () => {
    view.dispatch({ changes: { from: 0, insert: 'Text.\n\n' } });
    const crumbs = new Breadcrumbs(spec, trans);
    vi.runAllTimers();
    expect(crumbs.isHidden).toBe(true);
    view.dispatch({ selection: { anchor: view.state.doc.toString().indexOf('# Login') } });
    vi.runAllTimers();
    expect(crumbs.isHidden).toBe(false);
    expect(crumbs.node.textContent).toBe('Login');
    crumbs.dispose();
  });
});

describe('the table of contents', () => {
  it('follows the text, marks the heading of the caret, and keeps what is collapsed', async () => {
    const model = new SpecContents(spec);
    model.isActive = true;
    await vi.runAllTimersAsync();
    expect(model.headings.map(({ text, level }) => [text, level])).toEqual([
      ['Login', 1],
      ['FR-001 Log in', 2],
      ['Risks', 2]
    ]);
    model.toggleCollapse({ heading: model.headings[0] });
    view.dispatch({ changes: { from: TEXT.length, insert: '\n# New\n' } });
    await vi.runAllTimersAsync();
    expect(model.headings.map(({ text, collapsed }) => [text, collapsed])).toEqual([
      ['Login', true],
      ['FR-001 Log in', false],
      ['Risks', false],
      ['New', false]
    ]);
    view.dispatch({ selection: { anchor: view.state.doc.length } });
    expect(model.activeHeading?.text).toBe('New');
    model.setActiveHeading(model.headings[2]);
    expect(caretLine()).toBe('## Risks');
    model.dispose();
  });

  it('does nothing while it is hidden, and draws nothing again that stays the same', async () => {
    const model = new SpecContents(spec);
    view.dispatch({ changes: { from: TEXT.indexOf('Risks'), insert: 'Great ' } });
    await vi.runAllTimersAsync();
    expect(model.headings).toEqual([]);
    model.isActive = true;
    await vi.runAllTimersAsync();
    const [login, , risks] = model.headings;
    expect(risks.text).toBe('Great Risks');
    expect(model.activeHeading).toBe(login);
    view.dispatch({ changes: { from: TEXT.indexOf('Risks'), insert: 'Very ' } });
    await vi.runAllTimersAsync();
    expect(model.headings[0]).toBe(login);
    expect(model.headings[2].text).toBe('Very Great Risks');
    model.dispose();
  });
});
