import '../kit/lab';

import { Dialog, Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SpecError } from '../../src/server/error';
import type { SpecEntry, SpecsApi } from '../../src/server/specs';
import { Deletion } from '../../src/specs/deletion';
import type { Rescues } from '../../src/keeping';
import { SpecList } from '../../src/specs/list';
import { SpecListView } from '../../src/specs/listView';
import { deletionAdvice, timeLeft, trashSentence } from '../../src/specs/trashText';
import { TrashView } from '../../src/specs/trashView';
import type { ISpecDocuments } from '../../src/tokens';

const trans = nullTranslator.load('');
const DAY = 86_400_000;

function entry(specId: string, more: Partial<SpecEntry> = {}): SpecEntry {
  const rest = { description: '', type: '', status: 'draft', role: 'owner', version: 1 };
  const times = { lastModified: new Date().toISOString(), lastModifiedBy: 'u', activeUsers: [] };
  return { ...rest, ...times, specId, title: specId, ...more };
}

/** A server with specs and a trash, and what the page shows of it. */
function page(specs: SpecEntry[], trashDays = 30) {
  const here = new Map(specs.map(each => [each.specId, each]));
  const trashed = new Map<string, SpecEntry>();
  const gone = () => new SpecError('SPEC_NOT_FOUND', 'There is no such spec.', 404);
  const api = {
    list: async ({ trashed: wanted }: { trashed?: boolean } = {}) => ({
      specs: [...(wanted ? trashed : here).values()],
      nextCursor: null,
      trashDays
    }),
    get: async (specId: string) => {
      const found = here.get(specId);
      if (!found) {
        throw gone();
      }
      return found;
    },
    delete: async (specId: string, { permanently = false } = {}) => {
      const found = here.get(specId) ?? (permanently ? trashed.get(specId) : undefined);
      if (!found) {
        throw gone();
      }
      here.delete(specId);
      trashed.delete(specId);
      if (!permanently && trashDays) {
        const deletedAt = new Date().toISOString();
        const endsAt = new Date(Date.now() + trashDays * DAY).toISOString();
        trashed.set(specId, { ...found, deletedAt, endsAt, deletedByName: 'Ada' });
      }
    },
    undelete: async (specId: string) => {
      const found = trashed.get(specId);
      if (!found) {
        throw gone();
      }
      trashed.delete(specId);
      here.set(specId, found);
      return found;
    }
  } as unknown as SpecsApi;
  const list = new SpecList(api, () => undefined);
  const trash = new SpecList(
    { list: query => api.list({ ...query, trashed: true }) },
    () => undefined
  );
  const documents = { retry: vi.fn(), open: vi.fn() } as unknown as ISpecDocuments;
  const deletion = new Deletion({ specs: api, list, trash, documents, me: () => 'me', trans });
  return { api, list, trash, documents, deletion, here, trashed };
}

/** Waits for what comes soon; on a busy machine, later. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 60_000 });
const dialog = () => document.querySelector<HTMLElement>('.jp-Dialog');
const press = (label: string) =>
  Array.from(document.querySelectorAll<HTMLElement>('.jp-Dialog button'))
    .find(button => button.textContent?.trim() === label)!
    .click();

beforeEach(() => Notification.dismiss());
afterEach(() => {
  Dialog.flush();
  document.body.replaceChildren();
});

describe('deleting a spec', () => {
  it('asks nothing where nobody else has it open, and offers to undo it', async () => {
    const { deletion, documents, here, trashed } = page([entry('a')]);
    await deletion.delete('a');
    expect(dialog()).toBeNull();
    expect([...trashed.keys()]).toEqual(['a']);
    const [note] = Notification.manager.notifications;
    expect(note?.message).toBe('“a” is in the trash.');
    const [undo] = note?.options.actions ?? [];
    expect(undo?.label).toBe('Undo');
    undo?.callback(new MouseEvent('click'));
    await eventually(() => expect(documents.retry).toHaveBeenCalledWith('a'));
    expect([...here.keys()]).toEqual(['a']);
  });

  it('asks where others would lose it from under their hands', async () => {
    const user = (userId: string, userName: string) => ({ userId, userName }) as never;
    const { deletion, here } = page([
      entry('a', { activeUsers: [user('me', 'Ada'), user('g', 'Grace')] })
    ]);
    const done = deletion.delete('a');
    await eventually(() =>
      expect(dialog()?.textContent).toContain('Grace has it open; it closes for them.')
    );
    press('Cancel');
    await done;
    expect([...here.keys()]).toEqual(['a']);
  });

  it('asks where the server keeps no trash, and offers nothing afterwards', async () => {
    const { deletion, here } = page([entry('a')], 0);
    const done = deletion.delete('a');
    await eventually(() =>
      expect(dialog()?.textContent).toContain('It goes with its whole history')
    );
    press('Delete');
    await done;
    expect(here.size).toBe(0);
    expect(Notification.manager.notifications).toEqual([]);
  });

  it('is told if it fails', async () => {
    const { deletion } = page([]);
    await deletion.delete('a');
    expect(Notification.manager.notifications[0]?.message).toBe('There is no such spec.');
  });

  it('for good asks first, and does not mind that somebody else was faster', async () => {
    const { deletion, trashed } = page([entry('a')]);
    await deletion.delete('a');
    for (let time = 0; time < 2; time++) {
      const ended = deletion.end(entry('a'));
      await eventually(() => expect(dialog()?.textContent).toContain('This can’t be undone.'));
      press('Delete forever');
      expect(await ended).toBe(true);
      expect(trashed.size).toBe(0);
    }
  });
});

describe('the trash', () => {
  async function shown(count: number) {
    const specs = Array.from({ length: count }, (_, number) => entry(`Spec ${number}`));
    const { deletion, trash, here, trashed } = page(specs);
    for (const { specId } of specs) {
      await deletion.delete(specId);
    }
    const leave = vi.fn();
    const view = new TrashView({
      trash,
      trans,
      locale: 'en',
      restore: each => deletion.restore(each),
      end: each => deletion.end(each),
      leave
    });
    Widget.attach(view, document.body);
    view.enter();
    await eventually(() => {
      expect(view.node.querySelectorAll('.jp-SpecTrash-row')).toHaveLength(count);
      expect(document.activeElement?.className).toBe('jp-SpecTrash-back');
    });
    const button = (label: string) =>
      view.node.querySelector<HTMLElement>(`button[aria-label="${label}"]`)!;
    return { view, leave, here, trashed, button };
  }

  it('says what it is for when nothing is in it', async () => {
    const { view } = await shown(0);
    expect(view.node.textContent).toContain('Nothing is in the trash.');
    expect(view.node.textContent).toContain('Deleted specs stay here for 30 days');
    view.dispose();
  });

  it('restores a spec, and the focus goes to the next one', async () => {
    const { view, button, here } = await shown(2);
    expect(view.node.textContent).toContain('30 days left');
    expect(view.node.textContent).toContain('Deleted by Ada, just now');
    button('Restore “Spec 0”').focus();
    button('Restore “Spec 0”').click();
    await eventually(() => expect([...here.keys()]).toEqual(['Spec 0']));
    await eventually(() => expect(document.activeElement).toBe(button('Restore “Spec 1”')));
    button('Restore “Spec 1”').click();
    await eventually(() => expect(document.activeElement?.className).toBe('jp-SpecTrash-back'));
    view.dispose();
  });

  it('is worked by the keyboard', async () => {
    const { view, button, leave } = await shown(3);
    expect(document.activeElement?.className).toBe('jp-SpecTrash-back');
    const key = (name: string) =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key: name, bubbles: true })
      );
    button('Delete “Spec 0” forever').focus();
    key('ArrowDown');
    expect(document.activeElement).toBe(button('Delete “Spec 1” forever'));
    key('ArrowUp');
    key('ArrowUp');
    expect(document.activeElement).toBe(button('Delete “Spec 0” forever'));
    key('Escape');
    expect(leave).toHaveBeenCalledOnce();
    view.dispose();
  });
});

describe('the list of specs', () => {
  it('deletes by the Delete key, and the focus goes to the row that takes its place', async () => {
    const { deletion, list, here } = page([entry('a'), entry('b'), entry('c')]);
    await list.refresh();
    const nothing = () => undefined;
    const view = new SpecListView({
      list,
      trans,
      locale: 'en',
      rescues: { list: [], subscribe: () => nothing } as unknown as Rescues,
      actions: {
        open: nothing,
        mayRename: () => true,
        rename: () => Promise.resolve(),
        pressed: nothing,
        delete: specId => deletion.delete(specId),
        showRescued: nothing,
        showTrash: nothing,
        create: nothing,
        importFile: nothing
      }
    });
    Widget.attach(view, document.body);
    const rows = () => Array.from(view.node.querySelectorAll<HTMLElement>('.jp-SpecRow'));
    await eventually(() => expect(rows()).toHaveLength(3));
    rows()[1]!.focus();
    rows()[1]!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Delete', bubbles: true }));
    await eventually(() => expect(rows()).toHaveLength(2));
    expect([...here.keys()]).toEqual(['a', 'c']);
    await eventually(() => expect(document.activeElement).toBe(rows()[1]));
    expect(view.node.querySelector('.jp-SpecList-trash')?.textContent).toBe('Trash');
    view.dispose();
  });
});

describe('the words of the trash', () => {
  it('count people and days', () => {
    expect(deletionAdvice([], 1, trans)).toBe(
      'It stays in the trash for 1 day, from where its owners can restore it.'
    );
    expect(deletionAdvice(['Ada', 'Bob'], 30, trans)).toMatch(/^Ada and Bob have it open;/);
    expect(deletionAdvice(['Ada', 'Bob', 'Eve'], 30, trans)).toMatch(/^Ada and 2 others have/);
    const now = Date.now();
    const left = (ms: number) =>
      timeLeft(entry('a', { endsAt: new Date(now + ms).toISOString() }), now, trans);
    expect([29.2 * DAY, 1.5 * DAY, 0.9 * DAY, -5].map(left)).toEqual([
      '30 days left',
      '2 days left',
      'Goes within a day',
      'Goes within a day'
    ]);
    expect(trashSentence(7, trans)).toContain('7 days');
  });
});
