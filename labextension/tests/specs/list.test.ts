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

describe('the choice of the list', () => {
  it('is the server’s, and counts what there is to choose from on the first page', async () => {
    const asked: object[] = [];
    const facets = { status: { draft: 3 }, type: {} };
    const api = {
      list: (query: { cursor?: string }) => {
        asked.push(query);
        const first = { specs: [entry('a', 'A')], nextCursor: 'next', facets };
        return Promise.resolve(query.cursor ? { specs: [], nextCursor: null } : first);
      }
    } as unknown as SpecsApi;
    const list = new SpecList(api, () => undefined);
    lists.push(list);
    const choice = { sort: 'title', status: 'draft', type: '', mine: true, unread: true } as const;
    list.choose(choice);
    await list.refresh();
    expect(asked.at(0)).toEqual({ q: '', limit: 100, ...choice, facets: true });
    expect(asked.find(query => 'cursor' in query)).toEqual({
      q: '',
      limit: 100,
      ...choice,
      cursor: 'next'
    });
    expect(list.state.facets).toEqual(facets);
  });
});
