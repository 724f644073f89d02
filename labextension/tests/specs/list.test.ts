import { afterEach, describe, expect, it } from 'vitest';

import type { SpecEntry, SpecPage, SpecsApi } from '../../src/server/specs';
import { SpecList } from '../../src/specs/list';

function entry(specId: string, title: string): SpecEntry {
  const rest = { description: '', type: '', status: 'draft', role: 'owner', version: 1 };
  return { ...rest, specId, title, lastModified: '1', lastModifiedBy: 'u', activeUsers: [] };
}

const lists: SpecList[] = [];

/** A list over a server that answers each request when the test says so. */
function listOver(answers: (() => SpecPage)[]) {
  const waiting: (() => void)[] = [];
  const api = {
    list: () => {
      const page = answers.shift()?.() ?? { specs: [], nextCursor: null };
      return new Promise<SpecPage>(resolve => waiting.push(() => resolve(page)));
    }
  } as unknown as SpecsApi;
  const list = new SpecList(api, () => undefined);
  lists.push(list);
  return { list, answer: () => waiting.shift()?.() };
}

afterEach(() => lists.splice(0).forEach(list => list.dispose()));

describe('the list of specs', () => {
  const page = (title: string) => () => ({ specs: [entry('a', title)], nextCursor: null });
  const news = { title: 'New', description: 'd', type: 't', status: 'review', lastModified: '2' };

  it('takes a change that the server tells about, though nobody shows the list', async () => {
    const { list, answer } = listOver([page('Old')]);
    const loaded = list.refresh();
    answer();
    await loaded;
    list.take('a', news);
    list.take('unknown', news);
    expect(list.state.entries).toEqual([{ ...entry('a', 'Old'), ...news }]);
  });

  it('keeps such a change against an answer that was given before it', async () => {
    const { list, answer } = listOver([page('Old'), page('Newest')]);
    const loaded = list.refresh();
    list.take('a', news);
    answer();
    await loaded;
    expect(list.find('a')?.title).toBe('New');
    const again = list.refresh();
    answer();
    await again;
    expect(list.find('a')?.title).toBe('Newest');
  });
});
