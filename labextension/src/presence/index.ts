/** The users in a document, and their cursors. */

export type { Me } from './me';
export type { ShownDraft } from './draft';
export { type DraftPiece, piecesOf } from './draftPieces';
export type { UserDraft } from './drafts';
export { People, type Summons } from './people';
export type { RemoteCaret } from './presence';
