import type { Environment } from '../runtime';
import { type Inheritance, TakeOver } from './takeOver';
import { hasEdits, type Kept } from './kept';
import type { Keeping } from './editStorage';

/** Milliseconds after the start of a page until it looks for edits of specs that it does not open. */
const FIRST_AFTER = 10_000;
/** Milliseconds between two looks at all stored edits, in case that no other news came of some. */
const EVERY = 60_000;
/** Milliseconds in which a reloaded page may take its own edits, where this page does not show their spec. */
const RELOADED_WITHIN = 10_000;

export interface OrphanedEditsOptions {
  readonly keeping: Keeping;
  readonly environment: Environment;
  readonly server: string;
  /** The server's id of this page's user; `null` while it is unknown. */
  userId(): string | null;
  /** Whether this page shows the spec and has joined it. */
  isJoined(specId: string): boolean;
  /** Whether anything can be sent, as far as this page knows. */
  isReachable(): boolean;
  /** Sends edits of a spec, and calls `gone` when that is done, or of no use for the time being. */
  send(specId: string, inheritance: Inheritance, gone: () => void): void;
}

/**
 * Sends edits whose page is gone.
 *
 * This page asks for the locks of all pages that have stored edits, and gets one when its page ends. It sends what
 * belongs to a spec that it shows at once. The rest it leaves for some seconds to the page that may be reloading,
 * and then sends it, one spec after the other.
 *
 * Laws (`orphanedEdits.test.ts`): edits are sent within two seconds after their spec was opened, or after their page
 * has ended while another one shows the spec. Edits that can't be sent now hold up no others.
 */
export class OrphanedEdits {
  /** The owners that this page waits for or sends. */
  private readonly watched = new Set<string>();
  /** Those whose page is gone, and which are not being sent yet. */
  private readonly free = new Map<string, Kept>();
  private readonly turns: Kept[] = [];
  private isSending = false;

  constructor(private readonly options: OrphanedEditsOptions) {
    const { environment, keeping } = options;
    this.lookAfter(FIRST_AFTER);
    environment.onWake(() => this.look());
    keeping.editStorage.onNewOwner(() => this.look());
  }

  /** This page has joined a spec that it shows, for the first time or again. */
  joined(specId: string): void {
    for (const kept of [...this.free.values()].filter(each => each.specId === specId)) {
      this.take(kept, null, () => undefined);
    }
    this.look();
  }

  private lookAfter(delay: number): void {
    this.options.environment.after(delay, () => {
      this.look();
      this.lookAfter(EVERY);
    });
  }

  private look(): void {
    const { keeping, server } = this.options;
    keeping.editStorage.list(server, all =>
      all.filter(kept => this.isSendable(kept)).forEach(kept => this.watch(kept))
    );
  }

  private watch(kept: Kept): void {
    const { keeping, environment, isJoined } = this.options;
    const { owner, specId } = kept;
    if (this.watched.has(owner)) {
      return;
    }
    this.watched.add(owner);
    keeping.claims.wait(owner, release => {
      this.free.set(owner, kept);
      if (isJoined(specId)) {
        this.take(kept, release, () => undefined);
      } else {
        release();
        environment.after(RELOADED_WITHIN, () => this.queue(kept));
      }
    });
  }

  private queue(kept: Kept): void {
    if (this.free.has(kept.owner)) {
      this.turns.push(kept);
      this.next();
    }
  }

  private next(): void {
    if (this.isSending) {
      return;
    }
    const kept = this.turns.shift();
    if (kept) {
      this.isSending = true;
      this.take(kept, null, () => {
        this.isSending = false;
        this.next();
      });
    }
  }

  /**
   * Sends what is still there; `release` is that of a lock that this page has, `null` where it has to claim it.
   * Afterwards the owner may be found anew.
   */
  private take(kept: Kept, release: (() => void) | null, then: () => void): void {
    const { keeping, environment, isReachable, send } = this.options;
    const { owner, identity, specId } = kept;
    const end = () => {
      this.watched.delete(owner);
      then();
    };
    if (!this.free.delete(owner)) {
      then(); // sent meanwhile
      return;
    }
    if (!isReachable()) {
      release?.();
      end();
      return;
    }
    const goOn = (inheritance: Inheritance) => {
      if (inheritance.left) {
        send(specId, inheritance, end);
      } else {
        this.clear(kept);
        inheritance.release();
        end();
      }
    };
    const takeOver = new TakeOver(keeping, environment, kept);
    if (release) {
      takeOver.takeClaimed(owner, identity, release, goOn, end);
    } else {
      takeOver.take(owner, identity, goOn, end);
    }
  }

  private clear(kept: Kept): void {
    if (!hasEdits(kept)) {
      this.options.keeping.editStorage.remove(kept.owner);
    }
  }

  /** Edits of another user are sent once that user is back. */
  private isSendable({ ending, me }: Kept): boolean {
    const isBack = ending?.code === 'OTHER_USER' && me.userId === this.options.userId();
    return ending === null || isBack;
  }
}
