import type { Kept, KeptText } from '../kept';

/** What a page was still writing when it was left, as the editStorage takes it. */
export interface BackedUpEdits {
  readonly kept: Kept;
  readonly text: KeptText | null;
  readonly inPlaceOf: string | null;
}

const PREFIX = 'jupyter-speccollab:leaving:';

/**
 * What pages could not finish writing, in the browser's local storage: unlike IndexedDB, which may undo what is
 * under way when a page ends, it takes what it is told at once. It is small, so it holds nothing for longer than needed.
 * Where it is full, nothing is said; what can't be read is passed over.
 */
export class PagehideBackup {
  constructor(private readonly storage: Storage) {}

  /** Whose there are. */
  get owners(): readonly string[] {
    return Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index))
      .filter(key => key !== null && key.startsWith(PREFIX))
      .map(key => key!.slice(PREFIX.length));
  }

  say(word: BackedUpEdits): void {
    try {
      this.storage.setItem(PREFIX + word.kept.owner, JSON.stringify(word));
    } catch {
      // Full: the writing under way may still end well.
    }
  }

  /** The word of an owner, and what to {@link forget} it by; `null` where there is none any more. */
  recall(owner: string): { readonly word: BackedUpEdits; readonly said: string } | null {
    const said = this.storage.getItem(PREFIX + owner);
    try {
      const word = JSON.parse(said ?? 'null') as BackedUpEdits | null;
      return said !== null && word?.kept?.owner === owner ? { word, said } : null;
    } catch {
      return null;
    }
  }

  /** `said`: only if it is still this; another page may have said something newer. */
  forget(owner: string, said?: string): void {
    if (said === undefined || this.storage.getItem(PREFIX + owner) === said) {
      this.storage.removeItem(PREFIX + owner);
    }
  }
}
