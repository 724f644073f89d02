import { type Client, connect, isSynchronised, userOf } from './clients';
import { Server } from './server';
import { World } from './world';

/** Two users who have the same spec open. */
export interface Meeting {
  readonly world: World;
  readonly server: Server;
  readonly ann: Client;
  readonly bob: Client;
}

export function meeting(content = 'Hello', seed = 1): Meeting {
  const world = new World(seed);
  const server = new Server(world, content);
  const ann = connect(world, server, userOf('Ann'));
  const bob = connect(world, server, userOf('Bob'));
  world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
  return { world, server, ann, bob };
}

/** Disconnects the network of `client` and calls `meanwhile`. */
export function away({ world }: Meeting, client: Client, meanwhile: () => void): void {
  client.wire.isDown = true;
  client.wire.cut();
  world.run(100);
  meanwhile();
  world.run(1_000);
}

/** Reconnects the network of `client` and lets a minute pass. */
export function back({ world }: Meeting, client: Client): void {
  client.wire.isDown = false;
  world.run(60_000);
}
