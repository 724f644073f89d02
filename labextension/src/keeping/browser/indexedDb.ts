import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

import type { Kept, KeptText } from '../kept';
import type { EditStorage } from '../editStorage';
import type { BackedUpEdits, PagehideBackup } from './pagehideBackup';

interface Schema extends DBSchema {
  edits: { key: string; value: Kept; indexes: { server: string } };
  texts: { key: string; value: KeptText };
}

type Database = IDBPDatabase<Schema>;

const NAME = 'jupyter-speccollab';
const VERSION = 1;

/**
 * A editStorage in the browser's IndexedDB. Where there is none, or it fails, nothing is kept, and it is said.
 *
 * Once it has been opened a writing is handed to the browser before {@link write} returns. A page that ends right
 * behind it, on a busy machine, takes it along all the same: what is under way is left in `words`, too, and whoever
 * looks at the editStorage next puts it there.
 */
export class IndexedDbEditStorage implements EditStorage {
  private database: Database | null = null;
  private opening: Promise<Database> | null = null;
  private isLeaving = false;
  /** The newest writing under way of each owner, with the text that is on its way. */
  private readonly underWay = new Map<string, BackedUpEdits>();
  /** Whose last word is all that there is, since it could not be written. */
  private readonly unwritten = new Set<string>();

  constructor(
    private readonly words: PagehideBackup,
    private readonly name = NAME
  ) {}

  /** The page is being left: from now on what is under way is left in `words`. */
  leave(): void {
    this.isLeaving = true;
    this.underWay.forEach(word => this.words.say(word));
  }

  /** The page is back. */
  stay(): void {
    this.isLeaving = false;
  }

  list(server: string, done: (kept: readonly Kept[]) => void): void {
    const newestFirst = (all: Kept[]) => all.sort((a, b) => b.savedAt - a.savedAt);
    this.use(
      async database => {
        await this.restore(database);
        return newestFirst(await database.getAllFromIndex('edits', 'server', server));
      },
      [],
      done
    );
  }

  read(owner: string, done: (kept: Kept | null, text: KeptText | null) => void): void {
    this.use(
      async database => {
        await this.restore(database);
        const transaction = database.transaction(['edits', 'texts']);
        const kept = transaction.objectStore('edits').get(owner);
        const text = transaction.objectStore('texts').get(owner);
        return { kept: await kept, text: await text };
      },
      { kept: undefined, text: undefined },
      ({ kept, text }) => done(kept ?? null, text ?? null)
    );
  }

  write(
    kept: Kept,
    text: KeptText | null,
    done: (isKept: boolean) => void,
    inPlaceOf: string | null = null
  ): void {
    const { owner } = kept;
    const word = { kept, text: text ?? this.underWay.get(owner)?.text ?? null, inPlaceOf };
    this.underWay.set(owner, word);
    if (this.isLeaving) {
      this.words.say(word);
    }
    this.use(
      async database => {
        const transaction = database.transaction(['edits', 'texts'], 'readwrite');
        const [edits, texts] = [transaction.objectStore('edits'), transaction.objectStore('texts')];
        const orders: Promise<unknown>[] = [edits.put(kept, kept.owner)];
        if (text) {
          orders.push(texts.put(text, kept.owner));
        }
        if (inPlaceOf !== null) {
          orders.push(edits.delete(inPlaceOf), texts.delete(inPlaceOf));
        }
        transaction.commit();
        await Promise.all([...orders, transaction.done]);
        return true;
      },
      false,
      isKept => {
        if (this.underWay.get(owner) === word) {
          this.underWay.delete(owner);
          if (isKept) {
            this.words.forget(owner);
          } else if (this.isLeaving) {
            this.unwritten.add(owner);
          }
        }
        done(isKept);
      }
    );
    if (inPlaceOf !== null) {
      this.words.forget(inPlaceOf);
    }
  }

  remove(owner: string): void {
    this.underWay.delete(owner);
    if (!this.unwritten.delete(owner)) {
      this.words.forget(owner);
    }
    this.use(
      async database => {
        const transaction = database.transaction(['edits', 'texts'], 'readwrite');
        void transaction.objectStore('edits').delete(owner);
        void transaction.objectStore('texts').delete(owner);
        transaction.commit();
        await transaction.done;
      },
      undefined,
      () => undefined
    );
  }

  /** Puts on the editStorage what pages that are gone could not finish writing, unless something newer is there. */
  private async restore(database: Database): Promise<void> {
    for (const owner of this.words.owners) {
      try {
        await this.restoreOne(database, owner);
      } catch (error) {
        console.warn(
          'What a page left could not be put on the editStorage; it is tried again.',
          error
        );
      }
    }
  }

  private async restoreOne(database: Database, owner: string): Promise<void> {
    const transaction = database.transaction(['edits', 'texts'], 'readwrite');
    const [edits, texts] = [transaction.objectStore('edits'), transaction.objectStore('texts')];
    const orders: Promise<unknown>[] = [];
    const there = await edits.get(owner);
    // Recalled now that nobody else writes: it may have been restored, or said anew, since it was listed.
    const left = this.words.recall(owner);
    if (left && (!there || there.savedAt < left.word.kept.savedAt)) {
      const { kept, text, inPlaceOf } = left.word;
      orders.push(edits.put(kept, owner));
      if (text) {
        orders.push(texts.put(text, owner));
      }
      if (inPlaceOf !== null) {
        orders.push(edits.delete(inPlaceOf), texts.delete(inPlaceOf));
      }
    }
    transaction.commit();
    await Promise.all([...orders, transaction.done]);
    if (left) {
      this.words.forget(owner, left.said);
    }
  }

  /** Does `work`, at once where the database is open already; `otherwise` is what a failure comes to. */
  private use<Result>(
    work: (database: Database) => Promise<Result>,
    otherwise: Result,
    done: (result: Result) => void
  ): void {
    const working = this.database ? work(this.database) : this.open().then(work);
    working.then(done, (error: unknown) => {
      console.warn('Unsent edits can’t be kept in this browser.', error);
      done(otherwise);
    });
  }

  private open(): Promise<Database> {
    this.opening ??= this.connect();
    return this.opening;
  }

  private async connect(): Promise<Database> {
    const forget = () => {
      this.database = this.opening = null;
    };
    try {
      this.database = await openDB<Schema>(this.name, VERSION, {
        upgrade(database) {
          database.createObjectStore('edits').createIndex('server', 'server');
          database.createObjectStore('texts');
        },
        blocking: () => {
          this.database?.close();
          forget();
        },
        terminated: forget
      });
      return this.database;
    } catch (error) {
      forget();
      throw error;
    }
  }
}
