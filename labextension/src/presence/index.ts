/** The users in a document, and their cursors. */

export type { Me } from './me';
export { People } from './people';
export type { RemoteCaret } from './presence';
