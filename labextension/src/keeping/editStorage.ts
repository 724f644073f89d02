import type { Kept, KeptText, Origin } from './kept';

/**
 * Stores edits in the browser beyond the life of a page. Each method calls back once; where the browser can't
 * store anything, with an empty result. A later write replaces an earlier one.
 */
export interface EditStorage {
  /** All records of a server's specs, without the texts, the newest first. */
  list(server: string, done: (kept: readonly Kept[]) => void): void;
  /** One record with its text. */
  read(owner: string, done: (kept: Kept | null, text: KeptText | null) => void): void;
  /**
   * Writes record and text (`null`: unchanged) in one transaction, and removes the record of `inPlaceOf`.
   * `isKept` tells whether they would survive the end of the browser.
   */
  write(
    kept: Kept,
    text: KeptText | null,
    done: (isKept: boolean) => void,
    inPlaceOf?: string | null
  ): void;
  remove(owner: string): void;
  /**
   * Copies the newest unfinished write of `owner` to a small storage that works at once. Whether that worked: then
   * the edits survive the page as if they were written.
   */
  backUp(owner: string): boolean;
  /** Calls back when another page stores edits under a new id; returns a function that unsubscribes. */
  onNewOwner(callback: () => void): () => void;
}

/** Decides which page of this browser an owner's edits belong to. */
export interface Claims {
  /**
   * Makes this page the only holder of `owner` until it calls `release` or ends. `null`: another page holds
   * it.
   */
  claim(owner: string, done: (release: (() => void) | null) => void): void;
  /** The same as soon as no other page holds `owner`. Returns a function that ends the wait. */
  wait(owner: string, done: (release: () => void) => void): () => void;
}

/** What a tab remembers of a spec after a reload. A duplicate of the tab gets a copy. */
export interface Memory {
  readonly owner: string;
  readonly sessionId: string | null;
}

export interface Memories {
  recall(origin: Origin): Memory | null;
  remember(origin: Origin, memory: Memory | null): void;
}

/** What this folder needs from the browser. */
export interface Keeping {
  readonly editStorage: EditStorage;
  readonly claims: Claims;
  readonly memories: Memories;
  /** Calls back with the user's name in JupyterLab; empty where it has none. */
  identify(done: (identity: string) => void): void;
}

/** Memories of a page without a tab of its own. */
export const FORGETFUL: Memories = { recall: () => null, remember: () => undefined };

/** Stores nothing. */
export const NOTHING_KEPT: Keeping = {
  editStorage: {
    list: (_server, done) => done([]),
    read: (_owner, done) => done(null, null),
    write: (_kept, _text, done) => done(false),
    remove: () => undefined,
    backUp: () => false,
    onNewOwner: () => () => undefined
  },
  claims: {
    claim: (_owner, done) => done(() => undefined),
    wait: (_owner, done) => {
      done(() => undefined);
      return () => undefined;
    }
  },
  memories: FORGETFUL,
  identify: done => done('')
};
