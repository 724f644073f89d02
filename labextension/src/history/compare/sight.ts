import type { Change } from '../../session';
import type { Passage } from './passages';

/** One way in which two texts are shown beside or in each other. */
export interface Sight {
  readonly node: HTMLElement;
  /** How many changes there are. */
  readonly count: number;
  /** The index of the change that the user is at; -1 if they are at none. */
  readonly current: number;
  /** Goes to the next change, or to the one before; around at the ends. */
  go(step: 1 | -1): void;
  /** Goes to the change with this index, if there is one. */
  goTo(index: number): void;
  /** What differs in the change with this index; `null` if there is none. */
  passage(index: number): Passage | null;
  /** The newer text has changed. */
  follow(changes: readonly Change[]): void;
  /** It has become known who wrote the newer text. */
  showAuthors(): void;
  focus(): void;
  destroy(): void;
}
