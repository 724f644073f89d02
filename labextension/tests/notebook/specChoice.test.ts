import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { chooseSpec } from '../../src/notebook/specChooser';
import { type ChoiceServices, SpecChoice, twinsAmong } from '../../src/notebook/specChoice';
import { SpecError } from '../../src/server/error';
import type { SpecEntry } from '../../src/server/specs';

const trans = nullTranslator.load('');

function entry(specId: string, title: string, more: Partial<SpecEntry> = {}): SpecEntry {
  const rest = { description: '', type: '', status: 'draft', role: 'owner', version: 1 };
  const times = { lastModified: '2026-11-01T00:00:00Z', lastModifiedBy: 'u', activeUsers: [] };
  return { ...rest, ...times, specId, title, lastModifiedByName: 'Grace', ...more };
}

const CHURN = entry('11111111-a', 'Churn');
const TWIN = entry('22222222-b', 'churn ');
const OTHER = entry('33333333-c', 'Other');

function services(specs: readonly SpecEntry[]): ChoiceServices {
  return {
    specs: {
      list: async ({ q = '' } = {}) => ({
        specs: specs.filter(({ title }) => title.toLowerCase().includes(q.toLowerCase())),
        nextCursor: null
      })
    },
    collaborators: {
      list: async specId =>
        ({
          collaborators: [
            {
              principal: 'user:x',
              userName: specId === TWIN.specId ? 'Bob' : 'Ada',
              role: 'owner'
            },
            { principal: 'user:y', userName: 'Eve', role: 'viewer' }
          ]
        }) as never
    }
  };
}

const settled = (ms = 30) => new Promise(resolve => setTimeout(resolve, ms));

describe('the choice of a notebook’s spec', () => {
  it.each([
    ['nothing is known', [], null, null],
    ['one names the notebook', [CHURN], null, CHURN],
    ['several name it', [CHURN, TWIN], null, null],
    ['one was chosen before', [CHURN], OTHER.specId, OTHER],
    ['the one that was chosen before is gone', [], 'gone', null]
  ])('selects only what is known: %s', async (_, tied, before, selected) => {
    const choice = new SpecChoice(services([CHURN, TWIN, OTHER]), tied, before);
    await choice.load();
    expect(choice.selected).toEqual(selected);
    expect(choice.state.entries.slice(0, tied.length)).toEqual(tied);
    expect(choice.state.entries).toHaveLength(3);
    choice.dispose();
  });

  it('tells twins apart by their owners', async () => {
    const choice = new SpecChoice(services([CHURN, TWIN, OTHER]), [], null);
    await choice.load();
    expect(twinsAmong(choice.state.entries)).toEqual([CHURN.specId, TWIN.specId]);
    expect([...choice.state.owners]).toEqual([
      [CHURN.specId, 'Ada'],
      [TWIN.specId, 'Bob']
    ]);
    choice.dispose();
  });

  it('is searched, and an answer that comes too late is dropped', async () => {
    const waiting: (() => void)[] = [];
    const list: ChoiceServices['specs']['list'] = ({ q } = {}) =>
      new Promise(resolve =>
        waiting.push(() => resolve({ specs: q ? [OTHER] : [CHURN, OTHER], nextCursor: null }))
      );
    const choice = new SpecChoice({ ...services([]), specs: { list } }, [], null);
    const first = choice.load();
    choice.search('oth');
    await settled(300);
    waiting[1]?.();
    await settled();
    waiting[0]?.();
    await first;
    expect(choice.state.entries).toEqual([OTHER]);
    choice.dispose();
  });

  it('says what failed', async () => {
    const list = () => Promise.reject(new SpecError(SpecError.UNREACHABLE, 'away'));
    const choice = new SpecChoice({ ...services([]), specs: { list } }, [], null);
    await choice.load();
    expect(choice.state.error?.code).toBe(SpecError.UNREACHABLE);
    choice.dispose();
  });
});

describe('the dialog', () => {
  afterEach(() => document.body.replaceChildren());

  const button = (label: string) =>
    Array.from(document.querySelectorAll<HTMLElement>('.jp-Dialog button')).find(
      each => each.textContent?.trim() === label
    )!;
  const key = (name: string) =>
    document
      .querySelector('.jp-Dialog input')!
      .dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
  const options = () => Array.from(document.querySelectorAll<HTMLElement>('[role=option]'));

  const shown = () => vi.waitFor(() => expect(options()).toHaveLength(3), 5000);
  const start = (tied: readonly SpecEntry[] = []) => {
    const choice = new SpecChoice(services([CHURN, TWIN, OTHER]), tied, null);
    return chooseSpec(choice, 'churn.ipynb', trans);
  };

  it('shows nothing before something is selected', async () => {
    const chosen = start();
    await shown();
    expect(document.querySelector('.jp-Dialog')?.textContent).toContain('“churn.ipynb”');
    expect(document.querySelector('[aria-selected=true]')).toBeNull();
    expect(button('Show').getAttribute('aria-disabled')).toBe('true');
    button('Show').click();
    key('Enter');
    await settled();
    expect(document.querySelector('.jp-Dialog')).not.toBeNull();
    key('ArrowDown');
    key('ArrowDown');
    await vi.waitFor(() =>
      expect(document.querySelector('[aria-selected=true]')).toBe(options()[1])
    );
    button('Show').click();
    expect(await chosen).toEqual({ spec: TWIN });
  });

  it('tells twins apart, by owner, time and id', async () => {
    const chosen = start([OTHER]);
    await shown();
    await vi.waitFor(() => expect(options()[2]?.textContent).toContain('Owner'), 5000);
    const [other, churn, twin] = options().map(each => each.textContent);
    expect(other).toMatch(/^Othernames this notebookChanged by Grace, /);
    expect(churn).toMatch(/Owner: Ada · Changed by Grace, .* · 11111111$/);
    expect(twin).toMatch(/Owner: Bob · Changed by Grace, .* · 22222222$/);
    button('Cancel').click();
    expect(await chosen).toBeNull();
  });

  it('takes a double click, and offers a new spec', async () => {
    const chosen = start();
    await shown();
    options()[2]!.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    expect(await chosen).toEqual({ spec: OTHER });
    const another = start();
    await shown();
    button('New spec…').click();
    expect(await another).toBe('new');
  });
});
