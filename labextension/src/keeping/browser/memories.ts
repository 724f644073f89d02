import type { Origin as EditsOrigin } from '../kept';
import type { Memories, Memory } from '../editStorage';

/** In the tab's session storage, which a reload leaves and a closed tab takes along. */
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
      // Denied or full: a reload begins a session of its own.
    }
  }
}

function keyOf({ server, specId }: EditsOrigin): string {
  return `jupyter-speccollab:${server}:${specId}`;
}
