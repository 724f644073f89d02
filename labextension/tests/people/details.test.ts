import { afterEach, describe, expect, it } from 'vitest';

import { whenOutlined } from '../../src/editor/outline';
import { identityOf, isAnonymous } from '../../src/people/anonymous';
import { PeopleDetails, roleIn } from '../../src/people/details';
import { outsiders } from '../../src/people/outside';
import type { SpecAccess } from '../../src/server/collaborators';
import { clearDesks, desk } from '../editor/kit';

afterEach(clearDesks);

const ACCESS: SpecAccess = {
  collaborators: [{ principal: 'user:bob', userId: 'user-Bob', userName: 'Bob', role: 'viewer' }],
  defaultRole: 'contributor',
  me: { userId: 'user-Ann', role: 'owner' }
};

describe('the details of a person', () => {
  it('are their role and the section of their caret', async () => {
    const { world, ann, bob } = desk('before\n\n# One\n\ntext\n\n## Two\n\nmore\n');
    const details = new PeopleDetails({
      view: ann.view,
      access: () => Promise.resolve(ACCESS),
      soon: later => {
        later();
        return () => undefined;
      },
      now: () => 0
    });
    expect(details.of('user-Bob')).toEqual({ role: null, section: null });
    bob.connection.setCursor({ anchor: 33, head: 33 });
    world.run(500);
    await new Promise<void>(resolve => {
      const stop = details.look(() => {
        const { role, section } = details.of('user-Bob');
        if (role && section !== null) {
          stop();
          resolve();
        }
      });
    });
    expect(details.of('user-Bob')).toEqual({ role: 'viewer', section: 'Two' });
    bob.connection.setCursor({ anchor: 2, head: 2 });
    world.run(500);
    expect(details.of('user-Bob').section).toBe('');
  });

  it('follow the caret while somebody looks, and are told where the section is another', async () => {
    const { world, ann, bob } = desk('before\n\n# One\n\ntext\n\n## Two\n\nmore\n');
    await whenOutlined(ann.view);
    const frames: (() => void)[] = [];
    const details = new PeopleDetails({
      view: ann.view,
      access: () => Promise.reject(new Error('away')),
      soon: later => {
        frames.push(later);
        return () => frames.splice(frames.indexOf(later), 1);
      },
      now: () => 0
    });
    const told: (string | null)[] = [];
    const stop = details.look(() => told.push(details.of('user-Bob').section));
    const goTo = (position: number) => {
      bob.connection.setCursor({ anchor: position, head: position });
      world.run(500);
      frames.splice(0).forEach(frame => frame());
    };
    goTo(16);
    expect(told.at(-1)).toBe('One');
    goTo(33);
    expect(told.at(-1)).toBe('Two');
    const { length } = told;
    goTo(34);
    expect(told).toHaveLength(length);
    stop();
    goTo(2);
    expect(told).toHaveLength(length);
    expect(details.of('user-Bob').section).toBe('');
  });

  it('leave the role out where it may come from a group', () => {
    expect(roleIn(ACCESS, 'user-Bob')).toBe('viewer');
    expect(roleIn(ACCESS, 'user-Eve')).toBe('contributor');
    const group = { principal: 'group:team', userName: 'team', role: 'admin' as const };
    const byGroup = { ...ACCESS, collaborators: [...ACCESS.collaborators, group] };
    expect(roleIn(byGroup, 'user-Bob')).toBe('viewer');
    expect(roleIn(byGroup, 'user-Eve')).toBeNull();
    expect(roleIn({ ...ACCESS, defaultRole: 'none' }, 'user-Eve')).toBeNull();
  });
});

describe('carets out of view', () => {
  it('are those above and below, each person once, and not one’s own', () => {
    const { world, ann, bob } = desk('line\n'.repeat(400));
    bob.connection.setCursor({ anchor: 1900, head: 1900 });
    world.run(500);
    const { above, below } = outsiders(ann.view, 'user-Ann');
    expect(above).toEqual([]);
    expect(below.map(({ userName }) => userName)).toEqual(['Bob']);
    expect(outsiders(ann.view, 'user-Bob').below).toEqual([]);
  });
});

describe('a name of one’s own', () => {
  it('is offered to whom Jupyter named itself', () => {
    expect(isAnonymous('Anonymous Io')).toBe(true);
    expect(isAnonymous('Anonymous')).toBe(false);
    expect(isAnonymous('Ada')).toBe(false);
  });

  it('has initials', () => {
    expect(identityOf(' ada  king lovelace ')).toEqual({
      name: 'ada king lovelace',
      display_name: 'ada king lovelace',
      initials: 'AL'
    });
    expect(identityOf('Émile').initials).toBe('É');
    expect([...identityOf('x'.repeat(300)).name]).toHaveLength(100);
  });
});
