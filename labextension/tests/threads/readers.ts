/** A spec with threads over a bad network, and its readers in their browsers. */
import { nullTranslator } from '@jupyterlab/translation';

import { LiveThreads } from '../../src/threads/liveThreads';
import { type Client, connect, isSynchronised, Server, type User, userOf, World } from '../kit';
import { MemoryClaims, MemoryStorage } from './memoryBrowser';
import { ThreadServer } from './threadServer';

const trans = nullTranslator.load('');
const [ADA, GRACE] = ['Ada', 'Grace'].map(userOf) as [User, User];

/** A user's browser, with the spec open in a page that may be reloaded. */
export class Reader {
  threads: LiveThreads;
  readonly storage = new MemoryStorage();
  private readonly browser = new MemoryClaims();
  private page = this.browser.page();

  constructor(
    readonly client: Client,
    private readonly desk: ThreadServer,
    private readonly user: User
  ) {
    this.threads = this.open();
  }

  /** The page's threads begin anew, with what the browser kept. */
  reload(): void {
    this.threads.dispose();
    this.page.end();
    this.page = this.browser.page();
    this.threads = this.open();
  }

  get connection() {
    return this.client.connection;
  }

  private open(): LiveThreads {
    const { connection, wire } = this.client;
    return new LiveThreads({
      connection,
      api: this.desk.over(wire, this.user),
      environment: this.desk.server.world.environment,
      storage: this.storage,
      claims: this.page.claims,
      server: 'https://lab/',
      trans
    });
  }
}

/** A server with one spec, and those who open it. */
function scene(text = 'The quick brown fox', seed = 1) {
  const world = new World(seed);
  const server = new Server(world, text);
  const desk = new ThreadServer(server);
  const reader = (user: User) => new Reader(connect(world, server, user), desk, user);
  const run = async (duration: number) => {
    for (let left = duration; left > 0; left -= 50) {
      world.run(Math.min(left, 50));
      for (let turn = 0; turn < 8; turn++) {
        await Promise.resolve();
      }
    }
  };
  return { world, server, desk, reader, run };
}

/** Two readers who have joined. */
export async function meeting(text?: string, seed?: number) {
  const made = scene(text, seed);
  const [ada, grace] = [made.reader(ADA), made.reader(GRACE)];
  made.world.runUntil(() => isSynchronised(ada.client) && isSynchronised(grace.client));
  await made.run(500);
  return { ...made, ada, grace };
}
