import type { Origin as EditsOrigin } from '../kept';
import type { Memories, Memory } from '../editStorage';

/** Memories in the tab's session storage, which survives a reload and ends with the tab. */
export class TabMemories implements Memories {
  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {}

  recall(origin: EditsOrigin): Memory | null {
    try {
      const known = this.storage.getItem(keyOf(origin));
      return known === null ? null : (JSON.parse(known) as Memory);
    } catch {
      return null; // denied, or written by something else
    }
  }

  remember(origin: EditsOrigin, memory: Memory | null): void {
    try {
      if (memory) {
        this.storage.setItem(keyOf(origin), JSON.stringify(memory));
      } else {
        this.storage.removeItem(keyOf(origin));
      }
    } catch {
      // Denied or full: a reload starts a new session.
    }
  }
}

function keyOf({ server, specId }: EditsOrigin): string {
  return `jupyter-speccollab:${server}:${specId}`;
}
