/** What code needs from the page it runs in: time, randomness, ids and page events; and subscriptions. */

export type { Clock } from './clock';
export { browserEnvironment, type Environment } from './environment';
export { Listeners } from './listeners';
