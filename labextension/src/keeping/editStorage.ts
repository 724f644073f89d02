import type { Kept, KeptText, Origin } from './kept';

/**
 * Where a browser keeps edits beyond the life of a page. Each method calls back once; where nothing can be
 * kept, with nothing. What is written later stands over what was written earlier.
 */
export interface EditStorage {
  /** All that is kept of a server's specs, without the texts, the newest first. */
  list(server: string, done: (kept: readonly Kept[]) => void): void;
  /** One with its text. */
  read(owner: string, done: (kept: Kept | null, text: KeptText | null) => void): void;
  /**
   * Record and text (`null`: as it is) together or not at all, and in place of what is kept under another
   * id; `isKept` once it would outlive the browser.
   */
  write(
    kept: Kept,
    text: KeptText | null,
    done: (isKept: boolean) => void,
    inPlaceOf?: string | null
  ): void;
  remove(owner: string): void;
}

/** Who among the pages of this browser an owner's edits belong to. */
export interface Claims {
  /**
   * Makes the page the only one to hold `owner`, until it gives it back by `release` or ends, however that
   * comes. `null`: another page holds it.
   */
  claim(owner: string, done: (release: (() => void) | null) => void): void;
}

/** What a tab remembers of a spec through a reload; a duplicate of the tab has a copy. */
export interface Memory {
  readonly owner: string;
  readonly sessionId: string | null;
}

export interface Memories {
  recall(origin: Origin): Memory | null;
  remember(origin: Origin, memory: Memory | null): void;
}

/** All that keeping needs of the browser. */
export interface Keeping {
  readonly editStorage: EditStorage;
  readonly claims: Claims;
  readonly memories: Memories;
  /** The name that JupyterLab knows the user by; empty where it knows none. */
  identify(done: (identity: string) => void): void;
}

/** For a page that has no tab of its own to remember anything. */
export const FORGETFUL: Memories = { recall: () => null, remember: () => undefined };

/** For where nothing is kept. */
export const NOTHING_KEPT: Keeping = {
  editStorage: {
    list: (_server, done) => done([]),
    read: (_owner, done) => done(null, null),
    write: (_kept, _text, done) => done(false),
    remove: () => undefined
  },
  claims: { claim: (_owner, done) => done(() => undefined) },
  memories: FORGETFUL,
  identify: done => done('')
};
