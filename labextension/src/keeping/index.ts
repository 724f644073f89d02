/** Edits that outlive their page: what is kept, where, and who goes on with it. */

export {
  type Claims,
  type Keeping,
  type Memories,
  type Memory,
  NOTHING_KEPT,
  type Shelf
} from './editStorage';
export { Keeper } from './keeper';
export type { Kept, KeptText, Standpoint } from './kept';
export { Orphanage } from './orphanedEdits';
export { type Rescue, Rescues } from './rescues';
export { type Estate, Heir, type Left } from './takeOver';
