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
 * Stores edits in IndexedDB. Where that is missing or fails, nothing is stored, and the callbacks say so.
 *
 * Once the database is open, a write begins before {@link write} returns. A page that ends right after that may
 * still lose it. Unfinished writes are therefore copied to `backup` when the page ends or when they take long, and
 * the next page that reads the database writes them to it.
 */
export class IndexedDbEditStorage implements EditStorage {
  private database: Database | null = null;
  private opening: Promise<Database> | null = null;
  private isLeaving = false;
  /** The newest unfinished write of each owner, with its text. */
  private readonly underWay = new Map<string, BackedUpEdits>();
  /** Owners whose edits are only in the backup, since they could not be written. */
  private readonly unwritten = new Set<string>();
  /** Owners that other pages have been told of. */
  private readonly announced = new Set<string>();
  private readonly channel = new BroadcastChannel(`${NAME}:owners`);

  constructor(
    private readonly backup: PagehideBackup,
    private readonly name = NAME
  ) {}

  /** The page is ending: from now on unfinished writes are copied to the backup. */
  leave(): void {
    this.isLeaving = true;
    this.underWay.forEach(unfinished => this.backup.save(unfinished));
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
    const unfinished = { kept, text: text ?? this.underWay.get(owner)?.text ?? null, inPlaceOf };
    this.underWay.set(owner, unfinished);
    if (this.isLeaving) {
      this.backup.save(unfinished);
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
        if (this.underWay.get(owner) === unfinished) {
          this.underWay.delete(owner);
          if (isKept) {
            this.backup.forget(owner);
            this.announce(owner);
          } else if (this.isLeaving) {
            this.unwritten.add(owner);
          }
        }
        done(isKept);
      }
    );
    if (inPlaceOf !== null) {
      this.backup.forget(inPlaceOf);
    }
  }

  remove(owner: string): void {
    this.underWay.delete(owner);
    if (!this.unwritten.delete(owner)) {
      this.backup.forget(owner);
    }
    this.use(
      async database => {
        const transaction = database.transaction(['edits', 'texts'], 'readwrite');
        const orders = [
          transaction.objectStore('edits').delete(owner),
          transaction.objectStore('texts').delete(owner)
        ];
        transaction.commit();
        await Promise.all([...orders, transaction.done]);
      },
      undefined,
      () => undefined
    );
  }

  backUp(owner: string): boolean {
    const unfinished = this.underWay.get(owner);
    const isStored = unfinished !== undefined && this.backup.save(unfinished);
    if (isStored) {
      this.announce(owner);
    }
    return isStored;
  }

  onNewOwner(callback: () => void): () => void {
    this.channel.addEventListener('message', callback);
    return () => this.channel.removeEventListener('message', callback);
  }

  /** Stops listening to other pages. */
  close(): void {
    this.channel.close();
  }

  private announce(owner: string): void {
    if (!this.announced.has(owner)) {
      this.announced.add(owner);
      this.channel.postMessage(owner);
    }
  }

  /** Writes what earlier pages could not finish writing, unless the database has something newer. */
  private async restore(database: Database): Promise<void> {
    for (const owner of this.backup.owners) {
      try {
        await this.restoreOne(database, owner);
      } catch (error) {
        console.warn(
          'The backup of an earlier page could not be stored. It is tried again later.',
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
    // Read inside the transaction: another page may have restored or replaced it since it was listed.
    const left = this.backup.recall(owner);
    if (left && (!there || there.savedAt < left.edits.kept.savedAt)) {
      const { kept, text, inPlaceOf } = left.edits;
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
      this.backup.forget(owner, left.saved);
    }
  }

  /** Does `work`, at once where the database is open; calls back with `otherwise` after a failure. */
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
