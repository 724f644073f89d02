import { SpecConnection } from '../../../src/session';
import { type ClientEvent, type ServerEvent } from '../../../src/protocol';
import { Operation, type Text } from '../../../src/text';
import { Wire } from './network';
import type { Server, User } from './server';
import type { World } from './world';

export { FINE, type Weather, Wire } from './network';
export { LIMITS, Server, Session, type User } from './server';
export { Chance, World } from './world';

export interface Client {
  readonly connection: SpecConnection;
  readonly wire: Wire;
}

let clients = 0;

export function userOf(name: string): User {
  return { userId: `user-${name}`, userName: name, color: '#336699' };
}

/** A page of this user, about to join. */
export function connect(
  world: World,
  server: Server,
  user: User = userOf(`user${++clients}`),
  change?: (event: ClientEvent) => ClientEvent,
  changeBack?: (event: ServerEvent) => ServerEvent
): Client {
  const wire = new Wire(world, server, user, change, changeBack);
  const connection = SpecConnection.acquire({
    specId: 'spec',
    server: `page ${++clients}`,
    openTransport: wire.open,
    environment: world.environment
  });
  return { connection, wire };
}

export function isSynchronised({ connection }: Client): boolean {
  return connection.state.status === 'synchronised';
}

/** Puts `content` at `offset` in place of `deleted` code points. */
export function type(client: Client, offset: number, content: string, deleted = 0): void {
  client.connection.edit(Operation.of(offset, content, -deleted));
}

export function append(client: Client, content: string): void {
  type(client, client.connection.document.length, content);
}

export function contentOf(client: Client): string {
  return client.connection.document.toString();
}

export function same(...texts: readonly (Text | string)[]): boolean {
  return new Set(texts.map(text => text.toString())).size === 1;
}
