import { type Kept, replicaOfKept } from './kept';
import { Listeners } from '../runtime';
import type { EditStorage } from './editStorage';

/** Edits that can't be sent, as the user sees them. */
export interface Rescue {
  readonly kept: Kept;
  /** The whole text with the edits. */
  readonly text: string;
}

/** The edits of a server's specs that can't be sent. They stay until the user discards them. */
export class Rescues {
  private all: readonly Rescue[] = [];
  private isLoaded = false;
  private readonly listeners = new Listeners<readonly Rescue[]>();
  private readonly arrivalListeners = new Listeners<Rescue>();

  constructor(
    private readonly editStorage: EditStorage,
    private readonly server: string
  ) {}

  /** The result of the last {@link refresh}, the newest first. */
  get list(): readonly Rescue[] {
    return this.all;
  }

  /** Calls `listener` with each new list; returns a function that ends the subscription. */
  subscribe(listener: (rescues: readonly Rescue[]) => void): () => void {
    return this.listeners.add(listener);
  }

  /** Calls `listener` with each rescue that was not there at the last {@link refresh}. */
  onArrival(listener: (rescue: Rescue) => void): () => void {
    return this.arrivalListeners.add(listener);
  }

  /** Reads the list from the storage. */
  refresh(): void {
    this.editStorage.list(this.server, all => {
      const owners = all.filter(({ ending }) => ending !== null).map(({ owner }) => owner);
      this.read(owners, []);
    });
  }

  /** Removes a rescue for good. */
  discard({ kept }: Rescue): void {
    this.editStorage.remove(kept.owner);
    this.show(this.all.filter(rescue => rescue.kept.owner !== kept.owner));
  }

  private read([owner, ...rest]: readonly string[], found: readonly Rescue[]): void {
    if (owner === undefined) {
      this.found(found);
      return;
    }
    this.editStorage.read(owner, (kept, content) => {
      const replica = kept && replicaOfKept(kept, content);
      const rescue = replica && { kept, text: replica.text.toString() };
      this.read(rest, rescue ? [...found, rescue] : found);
    });
  }

  private found(rescues: readonly Rescue[]): void {
    const known = new Set(this.all.map(({ kept }) => kept.owner));
    const arrived = rescues.filter(({ kept }) => this.isLoaded && !known.has(kept.owner));
    this.isLoaded = true;
    this.show(rescues);
    arrived.forEach(rescue => this.arrivalListeners.tell(rescue));
  }

  private show(rescues: readonly Rescue[]): void {
    this.all = rescues;
    this.listeners.tell(rescues);
  }
}
