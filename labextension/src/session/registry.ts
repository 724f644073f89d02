/** A shared object that is released when nobody uses it any more. */
export interface Shared {
  /** The last user released it; calls `gone` when its remaining work is done. */
  retire(gone: () => void): void;
  /** It is used again before it was gone. */
  revive(): void;
}

interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
  users: number;
}

/** Shared values by key, created for their first user and retired after their last. */
export class Registry<Value extends Shared> {
  private readonly entries = new Map<string, Entry<Value>>();

  get all(): readonly Value[] {
    return Array.from(this.entries.values(), entry => entry.value);
  }

  find(key: string): Value | undefined {
    return this.entries.get(key)?.value;
  }

  acquire(key: string, make: () => Value): Value {
    const known = this.entries.get(key);
    if (known) {
      known.users += 1;
      if (known.users === 1) {
        known.value.revive();
      }
      return known.value;
    }
    const value = make();
    this.entries.set(key, { key, value, users: 1 });
    return value;
  }

  release(value: Value): void {
    const entry = [...this.entries.values()].find(each => each.value === value);
    if (!entry || entry.users === 0) {
      return;
    }
    entry.users -= 1;
    if (entry.users === 0) {
      value.retire(() => {
        if (entry.users === 0 && this.entries.get(entry.key) === entry) {
          this.entries.delete(entry.key);
        }
      });
    }
  }
}
