import { describe, expect, it, vi } from 'vitest';

import { SpecError } from '../../src/server/error';
import { FileSpecs } from '../../src/server/fileSpecs';
import { SpecOfFile } from '../../src/server/specOfFile';
import type { SpecEntry } from '../../src/server/specs';

function entry(specId: string): SpecEntry {
  const rest = { description: '', type: '', status: 'draft', role: 'owner', version: 1 };
  const lastModified = '2026-01-01T00:00:00Z';
  return { ...rest, specId, title: specId, lastModified, lastModifiedBy: 'u', activeUsers: [] };
}

/** A workspace whose files become specs `new-1`, `new-2` and so on. */
function workspace(known: Record<string, string> = {}) {
  let kept: Readonly<Record<string, string>> = known;
  const storage = {
    read: async () => kept,
    write: async (belongings: Readonly<Record<string, string>>) => {
      kept = belongings;
    }
  };
  const files = new FileSpecs(storage, { localPath: path => path.replace(/^RTC:/, '') });
  const gone = new Map<string, SpecError>();
  const get = async (specId: string) => {
    const error = gone.get(specId);
    if (error) {
      throw error;
    }
    return entry(specId);
  };
  let made = 0;
  const make = vi.fn(async () => entry(`new-${(made += 1)}`));
  return { files, make, gone, specs: new SpecOfFile(files, { get }), kept: () => kept };
}

describe('a file', () => {
  it('becomes one spec, however often and how quickly it is opened as one', async () => {
    const { specs, make, kept } = workspace();
    const opened = await Promise.all([
      specs.findOrMake('a.md', make),
      specs.findOrMake('a.md', make)
    ]);
    opened.push(await specs.findOrMake('a.md', make), await specs.findOrMake('RTC:a.md', make));
    expect(opened.map(each => each?.specId)).toEqual(['new-1', 'new-1', 'new-1', 'new-1']);
    expect(make).toHaveBeenCalledTimes(1);
    expect(kept()).toEqual({ 'a.md': 'new-1' });
  });

  it.each([403, 404, 410])('becomes another one if the first is gone (%s)', async status => {
    const { specs, make, gone, kept } = workspace({ 'a.md': 'old' });
    gone.set('old', new SpecError('SPEC_NOT_FOUND', 'gone', status));
    expect((await specs.findOrMake('a.md', make))?.specId).toBe('new-1');
    expect(kept()).toEqual({ 'a.md': 'new-1' });
  });

  it('becomes no second one while the server can’t be asked', async () => {
    const { specs, make, gone } = workspace({ 'a.md': 'old' });
    gone.set('old', new SpecError(SpecError.UNREACHABLE, 'away'));
    await expect(specs.findOrMake('a.md', make)).rejects.toThrow('away');
    gone.clear();
    expect((await specs.findOrMake('a.md', make))?.specId).toBe('old');
    expect(make).not.toHaveBeenCalled();
  });

  it('has no spec if the user stops its making', async () => {
    const { specs, kept } = workspace();
    expect(await specs.findOrMake('a.md', async () => null)).toBeNull();
    expect(kept()).toEqual({});
  });
});

describe('a renamed file', () => {
  it('keeps its spec, and so do the files in a renamed folder', async () => {
    const { files, kept } = workspace({ 'a.md': '1', 'b/c.md': '2', 'b.md': '3' });
    await files.renamed('a.md', 'z.md');
    await files.renamed('b', 'd/e');
    expect(kept()).toEqual({ 'z.md': '1', 'd/e/c.md': '2', 'b.md': '3' });
  });

  it('keeps its spec when several are moved and opened at once', async () => {
    const { files, kept } = workspace({ 'a.md': '1', 'b.md': '2' });
    await Promise.all([
      files.renamed('a.md', 'plans/a.md'),
      files.renamed('b.md', 'plans/b.md'),
      files.remember('c.md', '3')
    ]);
    expect(kept()).toEqual({ 'plans/a.md': '1', 'plans/b.md': '2', 'c.md': '3' });
  });

  it('keeps its spec when the change before could not be written', async () => {
    let isFull = true;
    const write = vi.fn(async () => {
      if (isFull) {
        throw new Error('full');
      }
    });
    const storage = { read: async () => ({ 'a.md': '1' }), write };
    const files = new FileSpecs(storage, { localPath: path => path });
    await expect(files.renamed('a.md', 'b.md')).rejects.toThrow('full');
    isFull = false;
    await files.renamed('a.md', 'c.md');
    expect(write).toHaveBeenLastCalledWith({ 'c.md': '1' });
  });
});
