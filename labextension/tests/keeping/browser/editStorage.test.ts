// @vitest-environment node
/** The behaviour of every `EditStorage`: the real one and that of the simulation. */
import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { IndexedDbEditStorage } from '../../../src/keeping/browser/indexedDb';
import { PagehideBackup } from '../../../src/keeping/browser/pagehideBackup';
import type { Kept, KeptText, EditStorage } from '../../../src/keeping';
import { Browser, World } from '../../kit';

const TEXT: KeptText = { epoch: 'epoch', version: 3, content: 'Text 🎉' };

function kept(owner: string, change: Partial<Kept> = {}): Kept {
  return {
    owner,
    server: 'http://server/',
    specId: 'spec',
    identity: 'ann',
    me: { userId: 'u', userName: 'Ann', sessionId: null },
    role: 'contributor',
    limits: null,
    epoch: 'epoch',
    textVersion: 3,
    since: [2, 'x'],
    version: 4,
    outstanding: {
      message: {
        operationId: 'id',
        version: 4,
        operations: [{ type: 'insert', position: 0, content: '🎉' }],
        cursor: { line: 0, column: 1 }
      },
      operation: ['🎉'],
      edits: 2
    },
    buffer: { operation: [1, -1], edits: 1 },
    savedAt: 1,
    ending: null,
    ...change
  };
}

/** A browser's local storage with a limited number of characters. */
class MemoryStorage implements Storage {
  [name: string]: unknown;
  private readonly items = new Map<string, string>();

  constructor(private readonly room = Infinity) {}

  get length(): number {
    return this.items.size;
  }

  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (value.length > this.room) {
      throw new Error('QuotaExceededError');
    }
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }

  clear(): void {
    this.items.clear();
  }
}

class Asked {
  constructor(readonly editStorage: EditStorage) {}

  list(server = 'http://server/'): Promise<readonly Kept[]> {
    return new Promise(done => this.editStorage.list(server, done));
  }

  read(owner: string): Promise<[Kept | null, KeptText | null]> {
    return new Promise(done =>
      this.editStorage.read(owner, (record, text) => done([record, text]))
    );
  }

  write(record: Kept, text: KeptText | null, inPlaceOf?: string): Promise<boolean> {
    return new Promise(done => this.editStorage.write(record, text, done, inPlaceOf));
  }
}

const storages: [string, () => EditStorage][] = [
  ['IndexedDB', () => new IndexedDbEditStorage(new PagehideBackup(new MemoryStorage()))],
  ['the simulation', () => new Browser(new World()).page().editStorage]
];

describe.each(storages)('edit storage: %s', (_, make) => {
  let asked: Asked;

  beforeEach(() => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    asked = new Asked(make());
  });

  afterEach(() => vi.unstubAllGlobals());

  it('returns written edits byte for byte', async () => {
    expect(await asked.write(kept('a'), TEXT)).toBe(true);
    const [record, text] = await asked.read('a');
    expect(JSON.stringify(record)).toBe(JSON.stringify(kept('a')));
    expect(text).toEqual(TEXT);
  });

  it('returns nothing for an unknown id', async () => {
    expect(await asked.read('b')).toEqual([null, null]);
    expect(await asked.list()).toEqual([]);
  });

  it('keeps the text if only the record is written', async () => {
    await asked.write(kept('a'), TEXT);
    await asked.write(kept('a', { version: 5 }), null);
    const [record, text] = await asked.read('a');
    expect(record?.version).toBe(5);
    expect(text).toEqual(TEXT);
  });

  it('lists the newest first', async () => {
    await asked.write(kept('a', { savedAt: 1 }), TEXT);
    await asked.write(kept('b', { savedAt: 3 }), TEXT);
    await asked.write(kept('c', { savedAt: 2 }), TEXT);
    expect((await asked.list()).map(({ owner }) => owner)).toEqual(['b', 'c', 'a']);
  });

  it('replaces one entry with another', async () => {
    await asked.write(kept('a'), TEXT);
    await asked.write(kept('b'), TEXT, 'a');
    expect((await asked.list()).map(({ owner }) => owner)).toEqual(['b']);
    expect(await asked.read('a')).toEqual([null, null]);
  });

  it('removes an entry', async () => {
    await asked.write(kept('a'), TEXT);
    asked.editStorage.remove('a');
    expect(await asked.read('a')).toEqual([null, null]);
  });

  it('carries out requests in order', async () => {
    const all = Array.from({ length: 20 }, (_, version) =>
      asked.write(kept('a', { version }), version === 0 ? TEXT : null)
    );
    expect(await Promise.all(all)).toEqual(all.map(() => true));
    expect((await asked.read('a'))[0]?.version).toBe(19);
  });
});

describe('IndexedDB', () => {
  afterEach(() => vi.restoreAllMocks());

  it('stores edits that another page of the same server finds', async () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    await new Asked(new IndexedDbEditStorage(new PagehideBackup(new MemoryStorage()))).write(
      kept('a'),
      TEXT
    );
    const other = new Asked(new IndexedDbEditStorage(new PagehideBackup(new MemoryStorage())));
    expect((await other.list()).length).toBe(1);
    expect(await other.list('http://other/')).toEqual([]);
  });

  it('reports if it is not available', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new Error('denied');
      }
    });
    const asked = new Asked(new IndexedDbEditStorage(new PagehideBackup(new MemoryStorage())));
    expect(await asked.write(kept('a'), TEXT)).toBe(false);
    expect(await asked.read('a')).toEqual([null, null]);
    expect(await asked.list()).toEqual([]);
    expect(warned).toHaveBeenCalled();
  });
});

describe('a write that a page begins before it ends', () => {
  beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));

  afterEach(() => vi.unstubAllGlobals());

  const undone = { done: () => undefined };

  /** A page whose writes to the database fail because it ends, as on a busy machine. */
  function page(storage: Storage): IndexedDbEditStorage {
    return new IndexedDbEditStorage(
      new PagehideBackup(storage),
      `of a page that ends ${Math.random()}`
    );
  }

  it('is restored by the next page, with its text', async () => {
    const storage = new MemoryStorage();
    const left = page(storage);
    left.write(kept('a'), TEXT, undone.done);
    left.write(kept('a', { savedAt: 2 }), null, undone.done);
    left.leave();
    left.write(kept('b'), TEXT, undone.done); // just before the page ends
    const next = new Asked(page(storage));
    expect((await next.list()).map(({ owner, savedAt }) => [owner, savedAt])).toEqual([
      ['a', 2],
      ['b', 1]
    ]);
    expect(await next.read('a')).toEqual([kept('a', { savedAt: 2 }), TEXT]);
    expect(storage.length).toBe(0);
  });

  it('does not overwrite a newer entry', async () => {
    const storage = new MemoryStorage();
    const [left, next] = [page(storage), new Asked(page(storage))];
    left.write(kept('a'), TEXT, undone.done);
    left.leave();
    await next.write(kept('a', { savedAt: 5 }), TEXT);
    const word = kept('a', { savedAt: 4 });
    left.write(word, null, undone.done);
    expect((await next.read('a'))[0]?.savedAt).toBe(5);
  });

  it('is dropped from the backup once it is written or removed', async () => {
    const storage = new MemoryStorage();
    const back = page(storage);
    back.leave();
    const written = new Promise(done => back.write(kept('a'), TEXT, done));
    expect(storage.length).toBe(1);
    expect(await written).toBe(true);
    expect(storage.length).toBe(0);
    back.write(kept('b'), TEXT, undone.done);
    back.remove('b');
    expect(storage.length).toBe(0);
    back.stay();
    back.write(kept('c'), TEXT, undone.done);
    expect(storage.length).toBe(0);
  });

  it('still succeeds if the backup has no space', async () => {
    const storage = new MemoryStorage(10);
    const full = page(storage);
    full.leave();
    expect(await new Asked(full).write(kept('a'), TEXT)).toBe(true);
    expect(await new Asked(full).read('a')).toEqual([kept('a'), TEXT]);
  });

  it('replaces the entry that it was to replace', async () => {
    const storage = new MemoryStorage();
    const next = new Asked(page(storage));
    await next.write(kept('a'), TEXT);
    const left = page(storage);
    left.leave();
    left.write(kept('rescued'), TEXT, undone.done, 'a');
    expect((await next.list()).map(({ owner }) => owner)).toEqual(['rescued']);
  });

  it('does not hide other entries if it is malformed', async () => {
    const storage = new MemoryStorage();
    const next = new Asked(page(storage));
    await next.write(kept('a'), TEXT);
    storage.setItem('jupyter-speccollab:leaving:b', 'of something else');
    storage.setItem('jupyter-speccollab:leaving:c', '{}');
    expect((await next.list()).map(({ owner }) => owner)).toEqual(['a']);
    expect((await next.read('a'))[0]).toEqual(kept('a'));
  });

  it('stays in the backup if it is saved again while the database is written', async () => {
    const storage = new MemoryStorage();
    const backup = new PagehideBackup(storage);
    const next = new Asked(page(storage));
    backup.save({ kept: kept('a'), text: TEXT, inPlaceOf: null });
    const recall = vi.spyOn(PagehideBackup.prototype, 'recall').mockImplementationOnce(owner => {
      const found = backup.recall(owner);
      backup.save({ kept: kept('a', { savedAt: 2 }), text: TEXT, inPlaceOf: null });
      return found;
    });
    expect((await next.list())[0]?.savedAt).toBe(1);
    expect(storage.length).toBe(1);
    expect((await next.list())[0]?.savedAt).toBe(2);
    expect(storage.length).toBe(0);
    recall.mockRestore();
  });

  it('stays in the backup if the database fails', async () => {
    const storage = new MemoryStorage();
    const left = page(storage);
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new Error('gone');
      }
    });
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    left.leave();
    expect(await new Asked(left).write(kept('a'), TEXT)).toBe(false);
    left.remove('a'); // as the caller does after a failed write
    vi.stubGlobal('indexedDB', new IDBFactory());
    expect((await new Asked(page(storage)).list()).map(({ owner }) => owner)).toEqual(['a']);
    vi.restoreAllMocks();
  });
});
