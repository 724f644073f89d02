import type { Kept, KeptText } from '../session';

/** What a page was still writing when it was left. */
export interface Word {
  readonly kept: Kept;
  readonly text: KeptText | null;
}

const PREFIX = 'jupyter-speccollab:leaving:';

/**
 * What pages could not finish writing, in the browser's local storage: unlike IndexedDB, which undoes what is under
 * way when a page ends, it takes what it is told at once. It is small, so it holds nothing for longer than needed.
 */
export class LastWords {
  constructor(private readonly storage: Storage) {}

  /** Where it is denied or full, nothing is said. */
  say(word: Word): void {
    try {
      this.storage.setItem(PREFIX + word.kept.owner, JSON.stringify(word));
    } catch {
      // The writing under way may still end well.
    }
  }

  all(): readonly Word[] {
    try {
      return Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index))
        .filter(key => key?.startsWith(PREFIX))
        .map(key => JSON.parse(this.storage.getItem(key!) ?? '') as Word);
    } catch {
      return []; // denied, or written by something else
    }
  }

  forget(owner: string): void {
    try {
      this.storage.removeItem(PREFIX + owner);
    } catch {
      // Denied: there is nothing.
    }
  }
}
