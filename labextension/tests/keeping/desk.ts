/** A page of Ann that is left, reloaded and opened again. */
import type { Limits } from '../../src/protocol';
import {
  Browser,
  type Client,
  connectPage,
  isSynchronised,
  type Page,
  Server,
  Tab,
  userOf,
  Wire,
  World
} from '../kit';

export interface Desk {
  readonly world: World;
  readonly server: Server;
  readonly browser: Browser;
  readonly tab: Tab;
  page: Page;
  ann: Client;
}

export const ANN = userOf('Ann');

/** A page of Ann, who has the spec open. */
export function desk(content = 'Hello', limits: Partial<Limits> = {}): Desk {
  const world = new World();
  const server = new Server(world, content, limits);
  const browser = new Browser(world);
  browser.latency = [1, 3];
  const tab = new Tab();
  const page = browser.page(tab);
  const ann = connectPage(page, new Wire(world, server, ANN));
  world.runUntil(() => isSynchronised(ann));
  return { world, server, browser, tab, page, ann };
}

export function goOffline({ ann, world }: Desk): void {
  ann.wire.isDown = true;
  ann.wire.cut();
  world.run(100);
}

/** Ends the page and opens a new one in its tab, at first without a network if `isDown`. */
export function comeBack(
  all: Desk,
  { tab = all.tab, isDown = false, user = ANN, name = 'jupyter-name' } = {}
): void {
  const { world, server, browser } = all;
  all.ann.wire.cut();
  all.page = browser.page(tab, name);
  const wire = new Wire(world, server, user);
  wire.isDown = isDown;
  all.ann = connectPage(all.page, wire);
  world.run(200);
}

export function reload(all: Desk, options?: Parameters<typeof comeBack>[1]): void {
  all.page.leave();
  comeBack(all, options);
}
