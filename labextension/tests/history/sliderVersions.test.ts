/** All versions of a spec behind one slider: where they begin, what failed, and a history that was replaced. */
import { describe, expect, it } from 'vitest';

import { KnownPeople } from '../../src/history/knownPeople';
import { type Shown, Versions } from '../../src/history/slider/versions';
import { SpecError } from '../../src/server/error';
import type { TextAtVersion } from '../../src/server/history';
import { World } from '../kit';
import { Recording } from './recording';

function opened({ folded = 0, length = 3_000, version = null as number | null } = {}) {
  const world = new World(2);
  const recording = new Recording(length, 17);
  const state = { epoch: 'epoch', asked: 0 };
  const people = new KnownPeople(() => []);
  const shown: Shown[] = [];
  const versions = new Versions({
    specId: 'spec',
    operations: {
      page: async (_, after, limit) => {
        state.asked++;
        if (after < folded) {
          throw new SpecError('REVISION_NOT_FOUND', 'folded', 404, { nearest: folded });
        }
        return { ...(await recording.operations(after, limit)), epoch: state.epoch };
      }
    },
    history: {
      at: async (_, at) => ({ content: await recording.text(at) }) as TextAtVersion,
      attribution: async () => ({
        version: length,
        runs: [],
        people: [{ userId: 'user-Ada', userName: 'Ada', color: '#123456' }]
      }),
      sittings: async () => ({ sittings: [], nextBefore: null })
    },
    people,
    clock: world.environment,
    version
  });
  versions.shown.connect((_, frame) => {
    shown.push(frame);
  });
  const settle = async () => {
    for (let turn = 0; turn < 200; turn++) {
      world.run(10);
      await Promise.resolve();
    }
  };
  return { recording, state, people, shown, versions, settle };
}

describe('the versions of a spec', () => {
  it('begin with the last one, or with the one that was asked for', async () => {
    for (const version of [null, 1_234]) {
      const { recording, shown, versions, settle } = opened({ version });
      await Promise.all([versions.open(), settle()]);
      await settle();
      const expected = version ?? 3_000;
      expect(versions.state).toMatchObject({ isOpen: true, first: 0, last: 3_000, error: null });
      expect(shown.at(-1)!.frame.version).toBe(expected);
      expect(shown.at(-1)!.frame.text.equals(recording.texts[expected]!)).toBe(true);
      expect(versions.state.step).toEqual(recording.steps[expected - 1]);
      versions.dispose();
    }
  });

  it('begin behind what was folded away', async () => {
    const { shown, versions, settle } = opened({ folded: 777 });
    await Promise.all([versions.open(), settle()]);
    expect(versions.state.first).toBe(777);
    versions.seek(0);
    await settle();
    expect(shown.at(-1)!.frame.version).toBe(777);
  });

  it('say what failed, and can be tried again', async () => {
    const { recording, shown, versions, settle } = opened();
    recording.isDown = true;
    await Promise.all([versions.open(), settle()]);
    expect(versions.state.error).not.toBeNull();
    recording.isDown = false;
    versions.retry();
    await settle();
    expect(versions.state.error).toBeNull();
    expect(shown.at(-1)!.frame.version).toBe(3_000);
  });

  it('name people, and have the colours that others see', async () => {
    const { people, versions, settle } = opened();
    await Promise.all([versions.open(), settle()]);
    expect(people.nameOf('user-Grace')).toBe('Grace');
    expect(people.colourOf('user-Ada')).toBe('#123456');
    expect(people.colourOf('user-Grace')).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('are read anew where the history was replaced by a backup', async () => {
    const { state, shown, versions, settle } = opened({ length: 9_000 });
    await Promise.all([versions.open(), settle()]);
    state.epoch = 'another epoch';
    versions.extend(9_001);
    versions.seek(10);
    await settle();
    versions.seek(4_000);
    await settle();
    expect(versions.state.error).toBeNull();
    expect(shown.at(-1)!.frame.version).toBe(4_000);
  });

  it('grow, while the version that is shown stays', async () => {
    const { shown, versions, settle } = opened();
    await Promise.all([versions.open(), settle()]);
    const { length } = shown;
    versions.extend(3_050);
    expect(versions.state).toMatchObject({ last: 3_050, position: 3_000 });
    await settle();
    expect(shown).toHaveLength(length);
  });
});
