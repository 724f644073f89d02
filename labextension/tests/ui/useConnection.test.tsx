// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';

import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { expect, it, vi } from 'vitest';

import type { SpecConnection } from '../../src/session';
import { useConnection } from '../../src/ui/useConnection';
import { append, type Client, connect, isSynchronised, Server, userOf, World } from '../kit';

type Shown = 'users' | 'version';

class Field extends ReactWidget {
  times = 0;

  constructor(
    private readonly connection: SpecConnection,
    private readonly field: Shown
  ) {
    super();
  }

  protected override render(): JSX.Element {
    return (
      <Value connection={this.connection} field={this.field} rendered={() => void this.times++} />
    );
  }
}

function Value(props: {
  readonly connection: SpecConnection;
  readonly field: Shown;
  readonly rendered: () => void;
}): JSX.Element {
  const state = useConnection(props.connection);
  props.rendered();
  return <p>{props.field === 'users' ? state.users.length : state.version}</p>;
}

it('renders a component when a field that it read has changed, and for nothing else', async () => {
  const world = new World();
  const server = new Server(world, '');
  const people = ['Ann', 'Bob'].map(name => connect(world, server, userOf(name)));
  const [ann, bob] = people as [Client, Client];
  world.runUntil(() => people.every(isSynchronised));
  world.run(1_000);
  const [users, version] = (['users', 'version'] as const).map(field => {
    const widget = new Field(ann.connection, field);
    Widget.attach(widget, document.body);
    return widget;
  });
  await vi.waitFor(() => expect(users.node.textContent).toBe('2'));
  for (let letter = 1; letter <= 5; letter++) {
    append(bob, 'x');
    world.run(500);
    await vi.waitFor(() => expect(version.node.textContent).toBe(String(letter)));
  }
  expect(version.times).toBeGreaterThanOrEqual(5);
  expect(users.times).toBe(1);
  connect(world, server, userOf('Cem'));
  world.run(1_000);
  await vi.waitFor(() => expect(users.node.textContent).toBe('3'));
  [users, version].forEach(widget => widget.dispose());
});
