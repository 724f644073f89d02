// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { Compared } from '../../../src/history/compare/compared';
import { type Pair, pairOf } from '../../../src/history/compare/pair';
import { differencesIn, takenBack } from '../../../src/history/compare/passage';
import type { HistoryApi } from '../../../src/server/history';
import { diff } from '../../../src/text';
import { append, type Client, connect, contentOf, Server, type, userOf, World } from '../../kit';

const OLD = 'Title\nThe old words stand here, in a line.\nEnd\n';
const NEW = 'Title\nOther letters are now here, in a line.\nEnd\n';

/** A spec that once said `OLD` (version 1) and later `NEW` (version 2), open on two pages. */
function pages() {
  const world = new World(7);
  const server = new Server(world, NEW);
  const [ada, grace] = [
    connect(world, server, userOf('Ada')),
    connect(world, server, userOf('Grace'))
  ];
  world.run(2000);
  return { world, ada, grace };
}

const api = {
  at: (specId: string, version: number) =>
    Promise.resolve({
      specId,
      version,
      epoch: '',
      content: version === 1 ? OLD : NEW,
      contentHash: '',
      modifiedBy: 'ada',
      modifiedByName: 'Ada',
      modifiedAt: '2026-11-29T10:00:00Z'
    }),
  attribution: () => Promise.reject(new Error('not asked for'))
} as unknown as HistoryApi;

async function comparedBy({ connection }: Client, pair: Pair): Promise<Compared> {
  const compared = new Compared({ pair, api, connection });
  await compared.load();
  return compared;
}

function restoring(compared: Compared) {
  const { older, newer } = compared;
  const differences = differencesIn(diff(older.toString(), newer.toString()), older, newer);
  return compared.takeBack(takenBack(older, newer, differences), newer);
}

describe('a passage that is restored while somebody types in it', () => {
  it.each([
    ['with now', pairOf('spec', 1, null)],
    ['of two old versions', pairOf('spec', 1, 2)]
  ])('in a comparison %s: nothing is lost, and undo works', async (_, pair) => {
    const { world, ada, grace } = pages();
    const compared = await comparedBy(ada, pair);
    // Grace types in the passage: once before Ada restores it, and once while that is under way to the server.
    type(grace, NEW.indexOf(' are'), ' GRACE');
    world.run(3000);
    type(grace, contentOf(grace).indexOf(' now'), ' TYPES');
    const restored = await restoring(compared);
    expect(restored.isChanged).toBe(true);
    append(grace, 'On and on.');
    world.run(10_000);
    expect(contentOf(ada)).toBe(contentOf(grace));
    for (const words of ['The old words stand', 'GRACE', 'TYPES', 'On and on.']) {
      expect(contentOf(ada)).toContain(words);
    }
    expect(contentOf(ada)).not.toContain('Other letters');

    restored.undo();
    world.run(10_000);
    expect(contentOf(grace)).toContain('Other letters');
    expect(contentOf(grace)).not.toContain('The old words stand');
    for (const words of ['GRACE', 'TYPES', 'On and on.']) {
      expect(contentOf(grace)).toContain(words);
    }
    compared.dispose();
  });

  it('is undone by Ctrl+Z too, and then not a second time', async () => {
    const { world, ada, grace } = pages();
    const compared = await comparedBy(ada, pairOf('spec', 1, null));
    const restored = await restoring(compared);
    world.run(3000);
    expect(contentOf(grace)).toBe(OLD);
    ada.connection.undo();
    world.run(3000);
    expect(contentOf(grace)).toBe(NEW);
    restored.undo();
    world.run(3000);
    expect(contentOf(grace)).toBe(NEW);
    compared.dispose();
  });

  it('changes nothing where the spec reads like that already', async () => {
    const { world, ada } = pages();
    const compared = await comparedBy(ada, pairOf('spec', 1, 2));
    await restoring(compared);
    world.run(3000);
    const again = await restoring(compared);
    expect(contentOf(ada)).toBe(OLD);
    expect(again.isChanged).toBe(false);
    compared.dispose();
  });
});
