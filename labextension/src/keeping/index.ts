/** Edits that outlive their page: how they are stored, and which page continues with them. */

export {
  type Claims,
  type Keeping,
  type Memories,
  type Memory,
  NOTHING_KEPT,
  type EditStorage
} from './editStorage';
export { Keeper } from './keeper';
export type { Kept, KeptText, Standpoint } from './kept';
export { OrphanedEdits } from './orphanedEdits';
export { type Rescue, Rescues } from './rescues';
export { type Inheritance, TakeOver, type Left } from './takeOver';
