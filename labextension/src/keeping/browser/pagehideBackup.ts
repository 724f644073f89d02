import type { Kept, KeptText } from '../kept';

/** The arguments of a write that had not finished when the page ended, or that takes long. */
export interface BackedUpEdits {
  readonly kept: Kept;
  readonly text: KeptText | null;
  readonly inPlaceOf: string | null;
}

const PREFIX = 'jupyter-speccollab:leaving:';

/**
 * Unfinished writes in the browser's local storage. Unlike IndexedDB, which may undo a write when the page ends
 * and takes long on a busy machine, it stores at once. It is small, so that nothing stays in it longer than needed. Where it is full, nothing is
 * stored; entries that can't be read are ignored.
 */
export class PagehideBackup {
  constructor(private readonly storage: Storage) {}

  /** The owners that have an entry. */
  get owners(): readonly string[] {
    return Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index))
      .filter(key => key !== null && key.startsWith(PREFIX))
      .map(key => key!.slice(PREFIX.length));
  }

  /** Whether there was room for it. */
  save(edits: BackedUpEdits): boolean {
    try {
      this.storage.setItem(PREFIX + edits.kept.owner, JSON.stringify(edits));
      return true;
    } catch {
      return false; // the write to the database may still succeed
    }
  }

  /** An owner's entry, parsed and as stored; `null` where there is none. */
  recall(owner: string): { readonly edits: BackedUpEdits; readonly saved: string } | null {
    const saved = this.storage.getItem(PREFIX + owner);
    try {
      const edits = JSON.parse(saved ?? 'null') as BackedUpEdits | null;
      return saved !== null && edits?.kept?.owner === owner ? { edits, saved } : null;
    } catch {
      return null;
    }
  }

  /** Removes an entry; with `saved` only if it is still that one, since another page may have replaced it. */
  forget(owner: string, saved?: string): void {
    if (saved === undefined || this.storage.getItem(PREFIX + owner) === saved) {
      this.storage.removeItem(PREFIX + owner);
    }
  }
}
