import { describe, expect, it } from 'vitest';

import { SpecError } from '../../src/server/error';
import { EntryNews } from '../../src/server/entryNews';
import type { SpecEntry } from '../../src/server/specs';

function entry(title: string): SpecEntry {
  const rest = { description: '', type: '', status: 'draft', role: 'owner', version: 1 };
  return { ...rest, specId: 's', title, lastModified: '', lastModifiedBy: 'u', activeUsers: [] };
}

/** A server with one spec, and the titles that views of it are told. */
function page(title: string) {
  const server = { title, error: null as Error | null };
  const news = new EntryNews({
    get: async () => {
      const found = entry(server.title);
      await Promise.resolve();
      if (server.error) {
        throw server.error;
      }
      return found;
    }
  });
  const titles: string[] = [];
  news.changed.connect((_, change) => titles.push(change.news.title));
  return { server, news, titles };
}

/** Resolves after everything that is settled already has been taken. */
const answered = () => new Promise(resolve => setTimeout(resolve, 0));

describe('what is new in an entry', () => {
  it('is told as soon as the server tells it, and after each join', async () => {
    const { server, news, titles } = page('One');
    news.joined('s');
    await answered();
    news.heard('s', entry('Two'));
    server.title = 'Three';
    news.joined('s');
    await answered();
    expect(titles).toEqual(['One', 'Two', 'Three']);
  });

  it('is not replaced by what the server had answered before', async () => {
    const { news, titles } = page('Old');
    news.joined('s');
    news.heard('s', entry('New'));
    await answered();
    expect(titles).toEqual(['New']);
  });

  it('is not replaced by the answer to an earlier question that comes later', async () => {
    const answers: ((found: SpecEntry) => void)[] = [];
    const news = new EntryNews({ get: () => new Promise(resolve => answers.push(resolve)) });
    const titles: string[] = [];
    news.changed.connect((_, change) => titles.push(change.news.title));
    news.joined('s');
    news.joined('s');
    answers[1]?.(entry('New'));
    await answered();
    answers[0]?.(entry('Old'));
    await answered();
    expect(titles).toEqual(['New']);
  });

  it('is asked for again after the next join, where the server did not answer', async () => {
    const { server, news, titles } = page('One');
    server.error = new SpecError('STORE_UNAVAILABLE', 'The disk is full.', 503);
    news.joined('s');
    await answered();
    server.error = null;
    news.joined('s');
    await answered();
    expect(titles).toEqual(['One']);
  });
});
