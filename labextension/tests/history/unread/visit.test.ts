// @vitest-environment node
/** A visit to a spec, over the reference server. */
import { describe, expect, it } from 'vitest';

import { piecesBetween } from '../../../src/history/unread/fresh';
import { AWAY, LINGER, Visit } from '../../../src/history/unread/visit';
import type { Hunk, SubjectChange } from '../../../src/server/readMarks';
import type { SpecEntry } from '../../../src/server/specs';
import type { SpecConnection } from '../../../src/session';
import { Attribution, fromWire, Text } from '../../../src/text';
import {
  type Client,
  connect,
  type Wire,
  isSynchronised,
  Server,
  type,
  userOf,
  World
} from '../../kit';

const [ADA, GRACE] = ['ada', 'grace'].map(userOf);
/** Who changes the text without a session. */
const PUT = { userId: 'put', userName: 'Put' };

/** What the server tells besides the session: the log, attributed, and the reader's mark. */
class Told {
  readonly asked: string[] = [];
  changes: readonly SubjectChange[] = [];
  /** What differs between version 1 and version 2. */
  hunksAt2: readonly Hunk[] = [];

  constructor(
    private readonly server: Server,
    public readVersion: number | null
  ) {}

  readonly get = () => {
    this.asked.push('get');
    const unread = this.server.log.filter(
      ({ version, userId }) => version > (this.readVersion ?? 0) && userId !== ADA.userId
    );
    return Promise.resolve({
      readVersion: this.readVersion,
      unread: unread.length
    } as unknown as SpecEntry);
  };

  readonly attribution = () => {
    this.asked.push('attribution');
    const { log, version, text } = this.server;
    const first = version - log.length;
    let attribution = Attribution.of([[this.begin.length, first]]);
    let before = this.begin;
    for (const entry of log) {
      const operation = fromWire(entry.operations, before.length);
      attribution = attribution.apply(operation, entry.version);
      before = before.apply(operation);
    }
    expect(before.toString()).toBe(text.toString());
    const people = [GRACE, ADA, PUT].map(user => ({ ...user, color: '#336699' }));
    return Promise.resolve({
      version,
      people,
      runs: attribution.runs.map(([length, each]) => {
        const by = log[each - first - 1]?.userId ?? GRACE.userId;
        return [length, each, people.findIndex(({ userId }) => userId === by), 100 + each] as const;
      })
    });
  };

  readonly changesSince = () =>
    Promise.resolve({
      from: 1,
      to: this.hunksAt2.length ? 2 : this.server.version,
      entries: this.changes
    });

  readonly hunks = () => Promise.resolve(this.hunksAt2);

  readonly mark = (_: string, version: number) => {
    this.asked.push(`mark ${version}`);
    this.readVersion = Math.max(this.readVersion ?? 0, version);
    return Promise.resolve(this.readVersion);
  };

  get begin(): Text {
    return Text.of(START);
  }
}

const START = '# One\n\nfirst\n\n# Two\n\nsecond\n';

async function scene(readVersion: number | null) {
  const world = new World();
  const server = new Server(world, START);
  const grace = connect(world, server, GRACE);
  world.runUntil(() => isSynchronised(grace));
  const told = new Told(server, readVersion);
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) {
      world.run(50);
      await Promise.resolve();
    }
  };
  const visit = async (): Promise<{ ada: Client<Wire>; visit: Visit }> => {
    const ada = connect(world, server, ADA);
    const { environment } = world;
    const made = new Visit({
      connection: ada.connection,
      specs: told,
      history: told,
      marks: told,
      environment,
      failed: error => expect(error).toBeNull()
    });
    world.runUntil(() => isSynchronised(ada));
    await settle();
    return { ada, visit: made };
  };
  return { world, server, grace, told, settle, visit };
}

/** The letters that are told as new: those that were seen in brackets. */
function fresh(visit: Visit, { document }: SpecConnection): string[] {
  const text = document.toString();
  return piecesBetween(visit.letters!, 0, document.length).map(({ from, to, isSeen }) =>
    isSeen ? `(${text.slice(from, to)})` : text.slice(from, to)
  );
}

describe('a visit', () => {
  it('tells what others wrote since the last one, until it was on the screen', async () => {
    const { world, grace, told, settle, visit: begin } = await scene(1);
    type(grace, 12, ' and more');
    type(grace, 7, 'The ');
    world.runUntil(() => isSynchronised(grace));
    const { ada, visit } = await begin();
    const length = ada.connection.document.length;
    expect(fresh(visit, ada.connection)).toEqual(['The ', ' and more']);
    expect(visit.news).toMatchObject({ from: 1, since: 102_000 });
    visit.looked(0, 11);
    expect(fresh(visit, ada.connection)).toEqual(['(The )', ' and more']);
    expect(told.asked.filter(each => each.startsWith('mark'))).toEqual([]);
    visit.looked(11, length);
    await settle();
    expect(told.asked.at(-1)).toBe('mark 3');
    expect(visit.hasUnseen).toBe(false);
    world.run(LINGER);
    expect([fresh(visit, ada.connection), visit.news]).toEqual([[], null]);
    visit.dispose();
  });

  it('never tells of one’s own edits, nor of a spec that is seen for the first time', async () => {
    const { world, server, grace, told, settle, visit: begin } = await scene(null);
    type(grace, 0, 'Long ago. ');
    world.runUntil(() => isSynchronised(grace));
    const { ada, visit } = await begin();
    expect([visit.news, visit.hasUnseen, visit.wantsLooks]).toEqual([null, false, true]);
    expect(told.asked).toEqual(['get']);
    visit.looked(0, 5);
    await settle();
    expect([told.readVersion, visit.wantsLooks]).toEqual([2, false]);
    type(ada, 0, 'Mine. ');
    world.runUntil(() => isSynchronised(ada));
    expect([fresh(visit, ada.connection), visit.hasUnseen]).toEqual([[], false]);
    expect(told.readVersion).toBe(2);
    visit.dispose();
    expect(told.readVersion).toBe(server.version);
  });

  it('tells of what comes meanwhile out of view, and the mark stays before it', async () => {
    const { world, server, grace, told, settle, visit: begin } = await scene(1);
    const { ada, visit } = await begin();
    expect(told.asked).toEqual(['get']);
    type(grace, 13, 'below ');
    world.runUntil(() => isSynchronised(grace));
    type(ada, 0, 'Mine. ');
    world.runUntil(() => isSynchronised(ada));
    type(grace, 0, 'above ');
    world.runUntil(() => isSynchronised(grace));
    await settle();
    expect(fresh(visit, ada.connection)).toEqual(['above ', 'below ']);
    visit.looked(0, 8);
    await settle();
    expect(told.readVersion).toBe(1);
    expect(visit.news).toBeNull();
    visit.back(['Two']);
    expect(visit.news).toMatchObject({ sections: ['Two'], people: ['grace'] });
    visit.markAll();
    expect([fresh(visit, ada.connection), visit.news]).toEqual([[], null]);
    expect(told.asked.at(-1)).toBe(`mark ${server.version}`);
    visit.dispose();
  });

  it('tells where letters went, at the place that is theirs now', async () => {
    const { world, grace, told, visit: begin } = await scene(1);
    type(grace, 21, '', 6);
    world.runUntil(() => isSynchronised(grace));
    const subject = { kind: 'heading', id: 'two', title: 'Two' };
    const lastModified = '2026-01-01T00:00:00Z';
    const rest = { people: [GRACE], firstVersion: 2, lastVersion: 2, lastModified };
    told.changes = [{ subject, added: 0, removed: 6, ...rest }];
    told.hunksAt2 = [
      { position: 21, removed: 'second', added: '', authors: { [GRACE.userId]: '' } }
    ];
    const { ada, visit } = await begin();
    expect(visit.news).toMatchObject({ sections: ['Two'], people: ['grace'] });
    expect(fresh(visit, ada.connection)).toEqual(['']);
    type(ada, 0, 'Mine. ');
    const time = Date.parse(lastModified) / 1000;
    const [gone] = piecesBetween(visit.letters!, 0, 30);
    expect(gone).toMatchObject({ from: 27, to: 27, by: { userId: GRACE.userId, time } });
    visit.looked(0, 10);
    expect(visit.hasUnseen).toBe(true);
    visit.looked(20, 28);
    expect(visit.hasUnseen).toBe(false);
    visit.dispose();
  });

  it('asks again after a loss, and tells of what came meanwhile if that was long', async () => {
    const { world, server, grace, settle, visit: begin } = await scene(1);
    const { ada, visit } = await begin();
    ada.wire.isDown = true;
    ada.wire.cut();
    server.put('# One\n\nfirst, by another\n\n# Two\n\nsecond\n');
    type(grace, 0, 'And. ');
    world.run(2 * AWAY);
    ada.wire.isDown = false;
    world.runUntil(() => isSynchronised(ada));
    await settle();
    world.run(10_000);
    await settle();
    expect(fresh(visit, ada.connection)).toEqual(['And. ', ', by another']);
    expect(visit.news).toMatchObject({ from: 1 });
    visit.dispose();
  });
});
