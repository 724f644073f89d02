// @vitest-environment node
/** What every shelf does, the browser's own and the one that the simulation uses. */
import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { IndexedDbShelf } from '../../src/keeping/indexedDb';
import type { Kept, KeptText, Shelf } from '../../src/session';
import { Browser, World } from '../session/kit';

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

class Asked {
  constructor(readonly shelf: Shelf) {}

  list(server = 'http://server/'): Promise<readonly Kept[]> {
    return new Promise(done => this.shelf.list(server, done));
  }

  read(owner: string): Promise<[Kept | null, KeptText | null]> {
    return new Promise(done => this.shelf.read(owner, (record, text) => done([record, text])));
  }

  write(record: Kept, text: KeptText | null, inPlaceOf?: string): Promise<boolean> {
    return new Promise(done => this.shelf.write(record, text, done, inPlaceOf));
  }
}

const shelves: [string, () => Shelf][] = [
  ['IndexedDB', () => new IndexedDbShelf()],
  ['the simulation', () => new Browser(new World()).page().shelf]
];

describe.each(shelves)('a shelf: %s', (_, make) => {
  let asked: Asked;

  beforeEach(() => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    asked = new Asked(make());
  });

  afterEach(() => vi.unstubAllGlobals());

  it('gives back what was written, to the byte', async () => {
    expect(await asked.write(kept('a'), TEXT)).toBe(true);
    const [record, text] = await asked.read('a');
    expect(JSON.stringify(record)).toBe(JSON.stringify(kept('a')));
    expect(text).toEqual(TEXT);
  });

  it('knows nothing of what was never written', async () => {
    expect(await asked.read('b')).toEqual([null, null]);
    expect(await asked.list()).toEqual([]);
  });

  it('leaves the text as it is where only the record is written', async () => {
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

  it('puts one in place of another', async () => {
    await asked.write(kept('a'), TEXT);
    await asked.write(kept('b'), TEXT, 'a');
    expect((await asked.list()).map(({ owner }) => owner)).toEqual(['b']);
    expect(await asked.read('a')).toEqual([null, null]);
  });

  it('removes what nobody needs any more', async () => {
    await asked.write(kept('a'), TEXT);
    asked.shelf.remove('a');
    expect(await asked.read('a')).toEqual([null, null]);
  });

  it('takes orders in their order, however fast they come', async () => {
    const all = Array.from({ length: 20 }, (_, version) =>
      asked.write(kept('a', { version }), version === 0 ? TEXT : null)
    );
    expect(await Promise.all(all)).toEqual(all.map(() => true));
    expect((await asked.read('a'))[0]?.version).toBe(19);
  });
});

describe('IndexedDB', () => {
  afterEach(() => vi.restoreAllMocks());

  it('keeps what another page finds, of one server', async () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    await new Asked(new IndexedDbShelf()).write(kept('a'), TEXT);
    const other = new Asked(new IndexedDbShelf());
    expect((await other.list()).length).toBe(1);
    expect(await other.list('http://other/')).toEqual([]);
  });

  it('says so where it can’t be had', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new Error('denied');
      }
    });
    const asked = new Asked(new IndexedDbShelf());
    expect(await asked.write(kept('a'), TEXT)).toBe(false);
    expect(await asked.read('a')).toEqual([null, null]);
    expect(await asked.list()).toEqual([]);
    expect(warned).toHaveBeenCalled();
  });
});
