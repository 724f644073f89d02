// @vitest-environment node
/** Authorship: kept live by a replica, it is what the server tells of the same version. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  type AttributionAnswer,
  type Authorship,
  authorshipOf,
  broughtOn,
  shownAttribution,
  UNSAVED
} from '../../src/sync/authorship';
import {
  acknowledged,
  dispatch,
  edited,
  receive,
  type Replica,
  replicaOf
} from '../../src/sync/replica';
import { Attribution, Operation, toWire } from '../../src/text';
import { content, operationOn } from '../kit/arbitraries';

const START = 1_767_225_600; // 2026-01-01

/** What the server tells: the log of all versions, replayed. */
class Server {
  readonly made: { userId: string; time: number }[] = [{ userId: 'user-Ada', time: START }];
  attribution: Attribution;

  constructor(length: number) {
    this.attribution = Attribution.of([[length, 1]]);
  }

  commit(operation: Operation, userId: string): number {
    const version = this.made.length + 1;
    this.attribution = this.attribution.apply(operation, version);
    this.made.push({ userId, time: START + version });
    return version;
  }

  get answer(): AttributionAnswer {
    const people = ['user-Ada', 'user-Bob'].map(userId => ({ userId, userName: '', color: '' }));
    return {
      version: this.made.length,
      people,
      runs: this.attribution.runs.map(([length, version]) => {
        const { userId, time } = this.made[version - 1];
        return [length, version, people.findIndex(person => person.userId === userId), time];
      })
    };
  }
}

function told({ attribution, bylines }: Authorship) {
  return attribution.runs.map(([length, version]) => [length, version, bylines.get(version)]);
}

function remote(version: number, operation: Operation) {
  return {
    operationId: `theirs-${version}`,
    userId: 'user-Bob',
    userName: 'Bob',
    sessionId: 'session',
    version,
    operations: toWire(operation),
    timestamp: new Date((START + version) * 1000 + 999).toISOString()
  };
}

function moved(replica: Replica, move: string, gen: fc.GeneratorValue, server: Server): Replica {
  const { text, committed, pending } = replica;
  switch (move) {
    case 'edit':
      return edited(replica, gen(operationOn, text.length));
    case 'send':
      return pending.outstanding
        ? replica
        : dispatch(replica, { operationId: 'mine', limit: 10_000, cursor: () => undefined });
    case 'remote': {
      const operation = gen(operationOn, committed.length);
      return receive(replica, remote(server.commit(operation, 'user-Bob'), operation)).replica;
    }
    default:
      return pending.outstanding
        ? acknowledged(replica, server.commit(pending.outstanding.operation, 'user-Ada')).replica
        : replica;
  }
}

describe('authorship', () => {
  it('names who suggested, not who accepted', () => {
    const told = authorshipOf('epoch', new Server(2).answer);
    const accepted = { ...remote(2, Operation.of(1, 'x')), authorId: 'user-Cy', threadId: 't1' };
    const { replica } = receive(replicaOf('epoch', 1, 'ab'), accepted);
    const next = broughtOn(told, replica, 'user-Ada', START);
    expect(next?.bylines.get(2)?.userId).toBe('user-Cy');
  });

  it('kept live is what the server tells, and what is pending is unsaved', () => {
    const moves = fc.array(fc.constantFrom('edit', 'send', 'remote', 'ack'), { maxLength: 25 });
    fc.assert(
      fc.property(content, moves, fc.boolean(), fc.gen(), (start, steps, isLazy, gen) => {
        let replica = replicaOf('epoch', 1, start);
        const server = new Server(replica.text.length);
        let authorship = authorshipOf('epoch', server.answer);
        const follow = () => {
          authorship = broughtOn(authorship, replica, 'user-Ada', START + replica.version)!;
        };
        for (const move of steps) {
          replica = moved(replica, move, gen, server);
          if (!isLazy) {
            follow();
          }
          const shown = shownAttribution(authorship, replica);
          expect(shown === null).toBe(authorship.version < replica.version);
          if (!isLazy) {
            expect(shown?.length).toBe(replica.text.length);
            expect(told(authorship)).toEqual(told(authorshipOf('epoch', server.answer)));
          }
        }
        // One's own are as late as the page's clock says, so these are compared one by one only.
        follow();
        expect(authorship.attribution.runs).toEqual(server.attribution.runs);
      })
    );
  });

  it('shows what is typed as unsaved until it is acknowledged', () => {
    const answer: AttributionAnswer = {
      version: 1,
      runs: [[4, 1, 0, START]],
      people: [{ userId: 'user-Ada', userName: 'Ada', color: '#123456' }]
    };
    let replica = edited(replicaOf('epoch', 1, 'text'), Operation.of(2, 'xy'));
    const authorship = authorshipOf('epoch', answer);
    const runs = () => shownAttribution(authorship, replica)?.runs;
    expect(runs()).toEqual([
      [2, 1],
      [2, UNSAVED],
      [2, 1]
    ]);
    replica = dispatch(replica, { operationId: 'mine', limit: 10_000, cursor: () => undefined });
    replica = edited(replica, Operation.of(3, -1));
    expect(runs()).toEqual([
      [2, 1],
      [1, UNSAVED],
      [2, 1]
    ]);
    replica = acknowledged(replica, 2).replica;
    const next = broughtOn(authorship, replica, 'user-Grace', START + 60)!;
    expect(next.bylines.get(2)).toEqual({ userId: 'user-Grace', time: START + 60 });
    expect(next.attribution.runs).toEqual([
      [2, 1],
      [2, 2],
      [2, 1]
    ]);
  });

  it('waits for a replica that is behind, and is of no use for another history or after a gap', () => {
    const empty = (version: number) => authorshipOf('epoch', { version, runs: [], people: [] });
    const replica = replicaOf('epoch', 5, '');
    expect(broughtOn(empty(7), replica, 'me', 0)?.version).toBe(7);
    expect(broughtOn(empty(5), replica, 'me', 0)?.version).toBe(5);
    expect(broughtOn(empty(4), replica, 'me', 0)).toBeNull();
    expect(
      broughtOn(authorshipOf('other', { version: 5, runs: [], people: [] }), replica, 'me', 0)
    ).toBeNull();
  });
});
