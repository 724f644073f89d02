import type { Claims, Keeping, Memories, Memory, EditStorage } from '../../src/keeping';
import type { Environment } from '../../src/runtime';
import type { Kept, KeptText, Origin } from '../../src/keeping/kept';
import type { World } from './world';

/**
 * A simulated browser, with the stored edits of its pages. Requests to the storage are carried out whole, in
 * order and after a delay. All pages belong to one server, by whatever name they call it.
 */
export class Browser {
  readonly kept = new Map<string, Kept>();
  readonly texts = new Map<string, KeptText>();
  /** The number of successful writes. */
  writings = 0;
  /** The number of UTF-16 units in all texts that were written. */
  textUnits = 0;
  /** The minimum and maximum duration of a write or a read, in milliseconds. */
  latency: readonly [number, number] = [0, 0];
  /** While set, writes fail. */
  isFull = false;
  /** Whether it reports a write as done before it is. */
  isLying = false;
  /** Requests to the storage that are not carried out yet. */
  private queue: { readonly page: Page; readonly run: () => void }[] = [];
  private readonly holders = new Map<string, Page>();
  private waiting: { readonly owner: string; readonly page: Page; granted(): void }[] = [];
  /** Unfinished writes that a page has copied to the small storage that works at once. */
  readonly backups = new Map<string, { readonly kept: Kept; readonly text: KeptText | null }>();
  /** Whether that storage is full. */
  isBackupFull = false;
  /** Milliseconds until a released id can be claimed again. */
  releasesAfter = 0;
  private readonly newOwners = new Map<Page, Set<() => void>>();

  constructor(readonly world: World) {}

  page(tab: Tab = new Tab(), identity = 'jupyter-name'): Page {
    return new Page(this, tab, identity);
  }

  /** Calls `run` after all requests before it. */
  order(page: Page, run: () => void): void {
    const entry = { page, run };
    this.queue.push(entry);
    const [least, most] = this.latency;
    if (most === 0) {
      this.serve();
    } else {
      this.world.after(this.world.chance.between(least, most), () => this.serve());
    }
  }

  /** Ends a page and discards its requests that are not carried out yet. */
  crashed(page: Page): void {
    this.queue = this.queue.filter(entry => entry.page !== page);
    this.left(page);
  }

  /** Ends a page and releases all its claims. */
  left(page: Page): void {
    this.waiting = this.waiting.filter(each => each.page !== page);
    this.newOwners.delete(page);
    for (const [owner, holder] of this.holders) {
      if (holder === page) {
        this.free(owner);
      }
    }
  }

  hold(owner: string, page: Page): boolean {
    if (this.holders.has(owner)) {
      return false;
    }
    this.holders.set(owner, page);
    return true;
  }

  release(owner: string): void {
    if (this.releasesAfter > 0) {
      this.world.after(this.releasesAfter, () => this.free(owner));
    } else {
      this.free(owner);
    }
  }

  private free(owner: string): void {
    this.holders.delete(owner);
    const next = this.waiting.find(each => each.owner === owner);
    if (next) {
      this.waiting = this.waiting.filter(each => each !== next);
      this.hold(owner, next.page);
      next.granted();
    }
  }

  wait(owner: string, page: Page, granted: () => void): () => void {
    const entry = { owner, page, granted };
    if (this.hold(owner, page)) {
      granted();
    } else {
      this.waiting.push(entry);
    }
    return () => {
      this.waiting = this.waiting.filter(each => each !== entry);
    };
  }

  onNewOwner(page: Page, callback: () => void): () => void {
    const callbacks = this.newOwners.get(page) ?? new Set();
    this.newOwners.set(page, callbacks.add(callback));
    return () => callbacks.delete(callback);
  }

  tellOfNewOwner(by: Page): void {
    for (const [page, callbacks] of this.newOwners) {
      if (page !== by) {
        callbacks.forEach(callback => callback());
      }
    }
  }

  /** Completes the writes that were copied to the small storage. */
  restore(): void {
    for (const [owner, { kept, text }] of this.backups) {
      if ((this.kept.get(owner)?.savedAt ?? -1) < kept.savedAt) {
        this.kept.set(owner, kept);
        if (text) {
          this.texts.set(owner, text);
        }
      }
    }
    this.backups.clear();
  }

  private serve(): void {
    this.queue.shift()?.run();
  }
}

/** The session storage of a tab, which survives reloads. */
export class Tab implements Memories {
  private readonly memories = new Map<string, Memory>();

  recall({ specId }: Origin): Memory | null {
    return this.memories.get(specId) ?? null;
  }

  remember({ specId }: Origin, memory: Memory | null): void {
    if (memory) {
      this.memories.set(specId, memory);
    } else {
      this.memories.delete(specId);
    }
  }

  /** Copies the tab as a browser does when the user duplicates it. */
  duplicate(): Tab {
    const copy = new Tab();
    this.memories.forEach((memory, key) => copy.memories.set(key, memory));
    return copy;
  }
}

/** One page. After it has ended, none of its callbacks is called. */
export class Page implements Keeping {
  private isDead = false;
  private readonly hiders = new Set<() => void>();
  /** The newest unfinished write of each owner. */
  private readonly underWay = new Map<string, { kept: Kept; text: KeptText | null }>();

  constructor(
    private readonly browser: Browser,
    readonly memories: Tab,
    private readonly identity: string
  ) {}

  get environment(): Environment {
    const { environment } = this.browser.world;
    const alive = (callback: () => void) => () => {
      if (!this.isDead) {
        callback();
      }
    };
    return {
      ...environment,
      after: (delay, callback) => environment.after(delay, alive(callback)),
      onWake: callback => environment.onWake(alive(callback)),
      onNetworkLost: callback => environment.onNetworkLost(alive(callback)),
      onHide: callback => {
        this.hiders.add(callback);
        return () => this.hiders.delete(callback);
      }
    };
  }

  identify(done: (identity: string) => void): void {
    done(this.identity);
  }

  /** Ends the page without notice. */
  crash(): void {
    this.isDead = true;
    this.browser.crashed(this);
  }

  /** Ends the page as a reload does: it is notified first, and its requests to the storage are carried out. */
  leave(): void {
    this.hiders.forEach(callback => callback());
    this.isDead = true;
    this.browser.left(this);
  }

  readonly claims: Claims = {
    claim: (owner, done) => {
      const { browser } = this;
      done(browser.hold(owner, this) ? () => browser.release(owner) : null);
    },
    wait: (owner, done) => {
      const { browser } = this;
      return browser.wait(owner, this, () => this.call(() => done(() => browser.release(owner))));
    }
  };

  readonly editStorage: EditStorage = {
    list: (_server, done) =>
      this.order(() => {
        this.browser.restore();
        const all = [...this.browser.kept.values()];
        this.call(() => done(copy(all.sort((a, b) => b.savedAt - a.savedAt))));
      }),
    read: (owner, done) =>
      this.order(() => {
        this.browser.restore();
        const { kept, texts } = this.browser;
        const [record, text] = [kept.get(owner) ?? null, texts.get(owner) ?? null];
        this.call(() => done(copy(record), copy(text)));
      }),
    write: (kept, text, done, inPlaceOf) => {
      const [record, content] = [copy(kept), copy(text)];
      const unfinished = {
        kept: record,
        text: content ?? this.underWay.get(kept.owner)?.text ?? null
      };
      this.underWay.set(kept.owner, unfinished);
      this.order(() => {
        const { browser } = this;
        if (!browser.isFull) {
          browser.writings += 1;
          browser.textUnits += content?.content.length ?? 0;
          this.drop(inPlaceOf ?? null);
          const isNew = !browser.kept.has(kept.owner);
          browser.kept.set(kept.owner, record);
          if (content) {
            browser.texts.set(kept.owner, content);
          }
          if (isNew) {
            browser.tellOfNewOwner(this);
          }
        }
        if (this.underWay.get(kept.owner) === unfinished) {
          this.underWay.delete(kept.owner);
          browser.backups.delete(kept.owner);
        }
        const isKept = !browser.isFull;
        this.call(() => done(isKept));
      });
      if (this.browser.isLying) {
        done(true);
      }
    },
    remove: owner => {
      this.underWay.delete(owner);
      this.browser.backups.delete(owner);
      this.order(() => this.drop(owner));
    },
    backUp: owner => {
      const unfinished = this.underWay.get(owner);
      if (!unfinished || this.browser.isBackupFull) {
        return false;
      }
      this.browser.backups.set(owner, unfinished);
      return true;
    },
    onNewOwner: callback => this.browser.onNewOwner(this, () => this.call(callback))
  };

  private drop(owner: string | null): void {
    if (owner !== null) {
      this.browser.kept.delete(owner);
      this.browser.texts.delete(owner);
    }
  }

  private order(run: () => void): void {
    this.browser.order(this, run);
  }

  private call(callback: () => void): void {
    if (!this.isDead) {
      callback();
    }
  }
}

/** A deep copy, as a structured clone makes it. */
function copy<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
