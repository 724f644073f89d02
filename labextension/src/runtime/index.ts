/** Time, randomness, ids and page events, as interfaces that tests can replace; and lists of listeners. */

export type { Clock } from './clock';
export { browserEnvironment, type Environment } from './environment';
export { Listeners } from './listeners';
export { inSlices, inSlicesFromNow } from './slices';
