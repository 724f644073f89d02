import { Listeners } from '../runtime';

/** Where somebody writes: an answer in a thread, or a new wording of a message. */
export type DraftPlace =
  | { readonly kind: 'reply'; readonly threadId: string }
  | { readonly kind: 'edit'; readonly messageId: string };

/** A comment or suggestion that is not sent yet. `start` and `end` are UTF-16 positions when it was last written. */
export interface NewDraft {
  readonly kind: 'comment' | 'suggestion';
  readonly start: number;
  readonly end: number;
  /** The text of the range, by which it is found again; of a long one that is kept, the beginning. */
  readonly quote: string;
  readonly body: string;
  readonly replacement: string;
}

/** A small storage of the browser that outlives the page. */
export interface SmallStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** One with a list of its keys. */
export interface ListedStorage extends SmallStorage {
  readonly length: number;
  key(index: number): string | null;
}

const PREFIX = 'jupyter-speccollab:thread-draft:';

/**
 * What the user has begun to write in the threads of a spec and has not sent. It outlives the page, where the browser
 * has room for it.
 */
export class MessageDrafts {
  /** Tells when a draft was begun or is gone. */
  readonly changed = new Listeners<void>();
  /** What there was no room for, as long as the page lives. */
  private readonly unstored = new Map<string, string>();

  /** `owner` tells apart the drafts of a spec at a server from all others. */
  constructor(
    private readonly storage: SmallStorage,
    private readonly owner: string
  ) {}

  /** Empty where there is none. */
  read(place: DraftPlace): string {
    return this.get(keyOf(place)) ?? '';
  }

  /** An empty `body` is no draft. */
  write(place: DraftPlace, body: string): void {
    this.set(keyOf(place), body || null);
  }

  /** The thread that the user is about to open; `null` for none. */
  get begun(): NewDraft | null {
    try {
      return JSON.parse(this.get('new') ?? 'null') as NewDraft | null;
    } catch {
      return null;
    }
  }

  set begun(draft: NewDraft | null) {
    this.set('new', draft && JSON.stringify(draft));
  }

  private get(key: string): string | null {
    const known = this.unstored.get(key);
    return known ?? this.storage.getItem(this.nameOf(key));
  }

  private set(key: string, value: string | null): void {
    const had = this.get(key) !== null;
    this.unstored.delete(key);
    if (value === null) {
      this.storage.removeItem(this.nameOf(key));
    } else {
      try {
        this.storage.setItem(this.nameOf(key), value);
      } catch {
        this.unstored.set(key, value); // the storage is full
      }
    }
    if (had !== (value !== null)) {
      this.changed.tell();
    }
  }

  private nameOf(key: string): string {
    return `${PREFIX}${this.owner}:${key}`;
  }
}

function keyOf(place: DraftPlace): string {
  return place.kind === 'reply' ? `reply:${place.threadId}` : `edit:${place.messageId}`;
}
