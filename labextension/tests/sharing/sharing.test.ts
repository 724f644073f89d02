import type { TranslationBundle } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Role } from '../../src/protocol';
import type { Collaborator, Hint } from '../../src/server/collaborators';
import { SpecError } from '../../src/server/error';
import { type AccessApi, ADD_FORM, Sharing, WHOLE_LIST } from '../../src/sharing/sharing';
import { changeSentence } from '../../src/sharing/sentences';
import { accessOf, person } from './access';

const trans = {
  __: (text: string, ...values: string[]) => text.replace(/%(\d)/g, (_, n) => values[n - 1] ?? '')
} as unknown as TranslationBundle;

/** A server with one spec. It records the calls, and refuses them with `refusal` if that is set. */
class Server implements AccessApi {
  readonly calls: string[] = [];
  refusal: SpecError | null = null;
  hint: Hint | undefined = undefined;

  constructor(
    private readonly me: string,
    private entries: readonly Collaborator[]
  ) {}

  async list() {
    if (!this.entries.some(({ userId }) => userId === this.me)) {
      throw new SpecError('SPEC_NOT_FOUND', 'There is no such spec.', 404);
    }
    return accessOf(this.me, this.entries);
  }

  async setRole(_: string, principal: string, role: Role) {
    this.answer(`${principal} ${role}`);
    const entry = person(principal.replace('user:', ''), role);
    const isKnown = this.entries.some(each => each.principal === principal);
    this.entries = isKnown
      ? this.entries.map(each => (each.principal === principal ? entry : each))
      : [...this.entries, entry];
    return this.hint ? { ...entry, hint: this.hint } : entry;
  }

  async remove(_: string, principal: string) {
    this.answer(`${principal} -`);
    this.entries = this.entries.filter(each => each.principal !== principal);
  }

  private answer(call: string): void {
    this.calls.push(call);
    if (this.refusal) {
      throw this.refusal;
    }
  }
}

async function begin(me: string, ...list: Collaborator[]) {
  const server = new Server(me, list);
  const sharing = new Sharing(server, 'spec');
  await sharing.refresh();
  return { server, sharing, entry: (name: string) => entryOf(sharing, name) };
}

function entryOf(sharing: Sharing, login: string): Collaborator {
  const found = sharing.state.access?.collaborators.find(({ userId }) => userId === login);
  expect(found).toBeDefined();
  return found!;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pause = () => vi.advanceTimersByTimeAsync(1000);

describe('sharing', () => {
  it('adds a person, and then shows the server’s list', async () => {
    const { server, sharing, entry } = await begin('ada', person('ada', 'owner'));
    expect(await sharing.add('user:bob', 'viewer')).toBe(true);
    expect(server.calls).toEqual(['user:bob viewer']);
    expect(entry('bob').role).toBe('viewer');
    expect(sharing.state.done).toMatchObject({ kind: 'given', name: 'bob', role: 'viewer' });
  });

  it('offers the name that was meant where the server refuses one that nobody has', async () => {
    const { server, sharing } = await begin('ada', person('ada', 'owner'));
    const near = ['user:alice'];
    server.refusal = new SpecError('NOT_FOUND', 'There is no user Alice.', 404, { near });
    expect(await sharing.add('user:Alice', 'viewer')).toBe(false);
    expect(sharing.state.suggestion).toEqual({
      principal: 'user:alice',
      role: 'viewer',
      made: null
    });
    server.refusal = null;
    expect(await sharing.takeSuggestion()).toBe(true);
    expect(server.calls).toEqual(['user:Alice viewer', 'user:alice viewer']);
    expect(sharing.state.suggestion).toBeNull();
  });

  it('shows the hint that comes with a new entry', async () => {
    const { server, sharing } = await begin('ada', person('ada', 'owner'));
    server.hint = { message: 'Nobody is called Alice.', near: ['user:alice'] };
    expect(await sharing.add('user:Alice', 'viewer')).toBe(true);
    const { done } = sharing.state;
    expect(done && changeSentence(done, trans)).toBe('Alice can view now. Nobody is called Alice.');
  });

  it('takes the entry back that it has just made, where another name was meant', async () => {
    const { server, sharing } = await begin('ada', person('ada', 'owner'));
    server.hint = { message: 'Nobody is called Alice.', near: ['user:alice'] };
    await sharing.add('user:Alice', 'viewer');
    server.hint = undefined;
    expect(await sharing.takeSuggestion()).toBe(true);
    expect(server.calls).toEqual(['user:Alice viewer', 'user:Alice -', 'user:alice viewer']);
    expect(sharing.state.access?.collaborators.map(each => each.principal)).toEqual([
      'user:ada',
      'user:alice'
    ]);
    expect(sharing.state.suggestion).toBeNull();
  });

  it('takes no entry back that was there before, or that somebody has changed', async () => {
    const { server, sharing } = await begin(
      'ada',
      person('ada', 'owner'),
      person('Alice', 'viewer')
    );
    server.hint = { message: 'Nobody is called Alice.', near: ['user:alice'] };
    await sharing.add('user:Alice', 'viewer');
    await sharing.takeSuggestion();
    expect(server.calls).not.toContain('user:Alice -');
    server.hint = { message: 'Nobody is called Bob.', near: ['user:bob'] };
    await sharing.add('user:Bob', 'viewer');
    await server.setRole('spec', 'user:Bob', 'contributor');
    await sharing.refresh();
    await sharing.takeSuggestion();
    expect(server.calls).not.toContain('user:Bob -');
  });

  it('suggests nobody who is in the list, nor after another change', async () => {
    const { server, sharing } = await begin(
      'ada',
      person('ada', 'owner'),
      person('alice', 'viewer')
    );
    server.hint = { message: 'Nobody is called Alice.', near: ['user:alice'] };
    await sharing.add('user:Alice', 'viewer');
    expect(sharing.state.suggestion).toBeNull();
    server.hint = { message: 'Nobody is called Bob.', near: ['user:bob'] };
    await sharing.add('user:Bob', 'viewer');
    server.hint = undefined;
    await sharing.add('user:eve', 'viewer');
    expect(sharing.state.suggestion).toBeNull();
    expect(await sharing.takeSuggestion()).toBe(false);
  });

  it('sends only the role at which the arrow keys stop', async () => {
    const { server, sharing, entry } = await begin(
      'ada',
      person('ada', 'owner'),
      person('bob', 'viewer')
    );
    const bob = entry('bob');
    sharing.choose(bob, 'contributor');
    sharing.choose(bob, 'admin');
    expect(sharing.state.chosen).toEqual({ 'user:bob': 'admin' });
    expect(server.calls).toEqual([]);
    await pause();
    expect(server.calls).toEqual(['user:bob admin']);
    expect(entry('bob').role).toBe('admin');
    expect(sharing.state.chosen).toEqual({});
  });

  it('sends nothing if the old role is chosen again', async () => {
    const { server, sharing, entry } = await begin(
      'ada',
      person('ada', 'owner'),
      person('bob', 'viewer')
    );
    sharing.choose(entry('bob'), 'contributor');
    sharing.choose(entry('bob'), 'viewer');
    await pause();
    expect(server.calls).toEqual([]);
  });

  it('sends a chosen role even if the dialog is closed at once', async () => {
    const { server, sharing, entry } = await begin(
      'ada',
      person('ada', 'owner'),
      person('bob', 'viewer')
    );
    sharing.choose(entry('bob'), 'contributor');
    sharing.dispose();
    await sharing.settled;
    expect(server.calls).toEqual(['user:bob contributor']);
  });

  it.each<[string, string, Role]>([
    ['somebody becomes an owner', 'bob', 'owner'],
    ['one’s own role gets lower', 'ada', 'viewer']
  ])('asks before %s', async (_, login, role) => {
    const { server, sharing, entry } = await begin(
      'ada',
      person('ada', 'owner'),
      person('bob', 'viewer'),
      person('eve', 'owner')
    );
    sharing.choose(entry(login), role);
    await pause();
    expect(server.calls).toEqual([]);
    expect(sharing.state.question).toMatchObject({ kind: 'change', role });
    await sharing.confirm();
    expect(server.calls).toEqual([`user:${login} ${role}`]);
    expect(sharing.state.question).toBeNull();
  });

  it('hands over by making the new owner first, and then changing the own role', async () => {
    const { server, sharing, entry } = await begin(
      'ada',
      person('ada', 'owner'),
      person('bob', 'viewer')
    );
    sharing.ask({ kind: 'handOver', entry: entry('ada'), to: entry('bob') });
    await sharing.confirm();
    expect(server.calls).toEqual(['user:bob owner', 'user:ada admin']);
    expect(sharing.state.access?.me.role).toBe('admin');
  });

  it('leaves', async () => {
    const { server, sharing, entry } = await begin(
      'bob',
      person('ada', 'owner'),
      person('bob', 'viewer')
    );
    sharing.ask({ kind: 'leave', entry: entry('bob') });
    await sharing.confirm();
    expect(server.calls).toEqual(['user:bob -']);
    expect(sharing.state.done).toEqual({ kind: 'left' });
    expect(sharing.state.failure).toBeNull();
    await sharing.refresh();
    expect(sharing.state.failure).toMatchObject({ place: WHOLE_LIST });
  });

  it('keeps showing a refusal if the list can’t be loaded afterwards', async () => {
    const { server, sharing } = await begin('ada', person('ada', 'owner'));
    server.refusal = new SpecError('FORBIDDEN', 'Not you.', 403);
    vi.spyOn(server, 'list').mockRejectedValue(new SpecError(SpecError.UNREACHABLE, 'Gone.'));
    await sharing.add('user:eve', 'viewer');
    expect(sharing.state.failure).toEqual({ place: ADD_FORM, error: server.refusal });
    await sharing.refresh();
    expect(sharing.state.failure).toEqual({ place: ADD_FORM, error: server.refusal });
  });

  it('shows a refusal at its place, and keeps the list', async () => {
    const { server, sharing, entry } = await begin(
      'ada',
      person('ada', 'owner'),
      person('bob', 'viewer')
    );
    server.refusal = new SpecError('FORBIDDEN', 'Not you.', 403);
    expect(await sharing.add('user:eve', 'viewer')).toBe(false);
    expect(sharing.state.failure).toEqual({ place: ADD_FORM, error: server.refusal });
    sharing.choose(entry('bob'), 'admin');
    await pause();
    expect(sharing.state.failure).toEqual({ place: 'user:bob', error: server.refusal });
    expect(sharing.state.chosen).toEqual({});
    expect(entry('bob').role).toBe('viewer');
  });
});
