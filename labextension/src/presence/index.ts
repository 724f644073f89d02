/** Who is in a document, and where their cursors are. */

export type { Me } from './me';
export { People } from './people';
export type { RemoteCaret } from './presence';
