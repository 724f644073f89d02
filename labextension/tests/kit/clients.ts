import type { ClientEvent, ServerEvent } from '../../src/protocol';
import type { Environment } from '../../src/runtime';
import type { Keeping } from '../../src/keeping';
import { SpecConnection } from '../../src/session';
import { Operation, type Text } from '../../src/text';
import type { Page } from './browser';
import { type NetworkPath, Wire } from './network';
import type { Server, User } from './server';
import type { World } from './world';

export interface Client<Kind extends NetworkPath = Wire> {
  readonly connection: SpecConnection;
  readonly wire: Kind;
}

let clients = 0;

export function userOf(name: string): User {
  return { userId: `user-${name}`, userName: name, color: '#336699' };
}

/** Opens a page of `user`, which joins when the world runs. */
export function connect(
  world: World,
  server: Server,
  user: User = userOf(`user${++clients}`),
  change?: (event: ClientEvent) => ClientEvent,
  changeBack?: (event: ServerEvent) => ServerEvent
): Client<Wire> {
  return connectBy(world, new Wire(world, server, user, change, changeBack));
}

/** Opens a page on the network `wire`. */
export function connectBy<Kind extends NetworkPath>(world: World, wire: Kind): Client<Kind> {
  return join(wire, world.environment);
}

/** Opens the spec in `page`, whose browser stores edits. */
export function connectPage<Kind extends NetworkPath>(page: Page, wire: Kind): Client<Kind> {
  return join(wire, page.environment, page);
}

function join<Kind extends NetworkPath>(
  wire: Kind,
  environment: Environment,
  keeping?: Keeping
): Client<Kind> {
  const connection = SpecConnection.acquire({
    specId: 'spec',
    server: `page ${++clients}`,
    openTransport: wire.open,
    environment,
    ...(keeping && { keeping })
  });
  return { connection, wire };
}

export function isSynchronised({ connection }: Client<NetworkPath>): boolean {
  return connection.state.status === 'synchronised';
}

/** Replaces `deleted` code points at `offset` with `content`. */
export function type(
  client: Client<NetworkPath>,
  offset: number,
  content: string,
  deleted = 0
): void {
  client.connection.edit(Operation.of(offset, content, -deleted));
}

export function append(client: Client<NetworkPath>, content: string): void {
  type(client, client.connection.document.length, content);
}

export function contentOf(client: Client<NetworkPath>): string {
  return client.connection.document.toString();
}

export function same(...texts: readonly (Text | string)[]): boolean {
  return new Set(texts.map(text => text.toString())).size === 1;
}
