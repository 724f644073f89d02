import type { Claims } from '../../src/keeping';
import type { ListedStorage } from '../../src/threads/messageDrafts';

/** The small storage of a browser, in memory. */
export class MemoryStorage implements ListedStorage {
  readonly items = new Map<string, string>();
  isFull = false;

  get length(): number {
    return this.items.size;
  }

  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.isFull) {
      throw new Error('full');
    }
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}

/** The claims of all pages of a browser; `end` is the end of one page. */
export class MemoryClaims {
  private readonly holders = new Map<string, object>();

  page(): { readonly claims: Claims; end(): void } {
    const page = {};
    const free = (owner: string) => {
      if (this.holders.get(owner) === page) {
        this.holders.delete(owner);
      }
    };
    const claim: Claims['claim'] = (owner, done) => {
      const isFree = !this.holders.has(owner);
      if (isFree) {
        this.holders.set(owner, page);
      }
      done(isFree ? () => free(owner) : null);
    };
    return {
      claims: { claim, wait: () => () => undefined },
      end: () => [...this.holders.keys()].forEach(free)
    };
  }
}
