import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

import type { Kept, KeptText, Shelf } from '../session';

interface Schema extends DBSchema {
  edits: { key: string; value: Kept; indexes: { server: string } };
  texts: { key: string; value: KeptText };
}

type Database = IDBPDatabase<Schema>;

const NAME = 'jupyter-speccollab';
const VERSION = 1;

/**
 * A shelf in the browser's IndexedDB. Where there is none, or it fails, nothing is kept, and it is said.
 *
 * Once it has been opened a writing is handed to the browser before {@link write} returns, so that the page
 * may end right behind it.
 */
export class IndexedDbShelf implements Shelf {
  private database: Database | null = null;
  private opening: Promise<Database> | null = null;

  constructor(private readonly name = NAME) {}

  list(server: string, done: (kept: readonly Kept[]) => void): void {
    const newestFirst = (all: Kept[]) => all.sort((a, b) => b.savedAt - a.savedAt);
    this.use(
      async database => newestFirst(await database.getAllFromIndex('edits', 'server', server)),
      [],
      done
    );
  }

  read(owner: string, done: (kept: Kept | null, text: KeptText | null) => void): void {
    this.use(
      async database => {
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
      done
    );
  }

  remove(owner: string): void {
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
