/** What all layers need from the page: time, randomness, ids, page events, and lists of listeners. */

export type { Clock } from './clock';
export { browserEnvironment, type Environment } from './environment';
export { Listeners } from './listeners';
