import type { Environment } from '../runtime';
import { hasEdits, type Kept, type Origin, replicaOfKept, type Standpoint } from './kept';
import type { Replica } from '../sync';
import type { Keeping } from './editStorage';

/** A page's right to store edits under an owner's id, and the edits that were stored under it before. */
export interface Inheritance {
  readonly owner: string;
  /** The user's name in JupyterLab; empty where it has none. */
  readonly identity: string;
  release(): void;
  readonly sessionId: string | null;
  readonly left: Left | null;
  /** Whether they are those of this tab, from before a reload. */
  readonly isOwn: boolean;
}

/** Edits that an earlier page left. */
export interface Left {
  readonly standpoint: Standpoint;
  readonly replica: Replica;
}

/** Milliseconds that a reloaded page waits for its predecessor to end. */
const PREDECESSOR_ENDS_WITHIN = 600;
/** Milliseconds for which a page that waits for edits may have them before it leaves them to another one. */
const HELD_FOR_A_MOMENT = 300;
/** Milliseconds after which a spec is opened without what the browser has stored, if the browser does not answer. */
const ANSWER_WITHIN = 5_000;

/**
 * Finds the edits that an earlier page left of a spec, so that this page continues with them: first its own
 * from before a reload, then those of another page of the same user that is gone. Of two pages that search at
 * the same time only one gets them.
 *
 * Law (`keeping.test.ts`): the spec opens, whatever becomes of the browser's storage.
 */
export class TakeOver {
  constructor(
    private readonly keeping: Keeping,
    private readonly environment: Environment,
    private readonly origin: Origin
  ) {}

  /** Calls back once: with the newest edits that were left, or without edits under a new id. */
  inherit(done: (inheritance: Inheritance) => void): void {
    const { editStorage, memories } = this.keeping;
    const memory = memories.recall(this.origin);
    let identity = '';
    let isOver = false;
    const end = (inheritance: Inheritance) => {
      if (isOver) {
        inheritance.release(); // too late: another page, or this one, sends its edits
        return;
      }
      isOver = true;
      cancelPatience();
      done(inheritance);
    };
    const cancelPatience = this.environment.after(ANSWER_WITHIN, () => this.begin(identity, end));
    this.keeping.identify(known => {
      identity = known;
      const search = () =>
        editStorage.list(this.origin.server, all => {
          const owners = all.filter(kept => this.isOurs(kept, identity)).map(({ owner }) => owner);
          this.takeFirst(owners, identity, end, () => this.waitForAny(owners, identity, end));
        });
      if (memory) {
        this.resume(memory.owner, memory.sessionId, identity, end, search);
      } else {
        search();
      }
    });
  }

  /**
   * Takes the edits of `owner`; calls `otherwise` where another page has them, and where a part of them is missing,
   * so that nothing is written over the rest.
   */
  take(
    owner: string,
    identity: string,
    done: (inheritance: Inheritance) => void,
    otherwise: () => void
  ): void {
    this.keeping.claims.claim(owner, release => {
      if (release) {
        this.takeClaimed(owner, identity, release, done, otherwise);
      } else {
        otherwise();
      }
    });
  }

  /** The same for an `owner` that this page has claimed already; it is released before `otherwise` is called. */
  takeClaimed(
    owner: string,
    identity: string,
    release: () => void,
    done: (inheritance: Inheritance) => void,
    otherwise: () => void
  ): void {
    this.read({ owner, identity, release, sessionId: null, isOwn: false }, done, otherwise);
  }

  /** Takes the edits of this tab's page before a reload. In a duplicate of the tab another page has them. */
  private resume(
    owner: string,
    sessionId: string | null,
    identity: string,
    done: (inheritance: Inheritance) => void,
    otherwise: () => void
  ): void {
    const giveUp = () => {
      stop();
      otherwise();
    };
    const cancel = this.environment.after(PREDECESSOR_ENDS_WITHIN, giveUp);
    const stop = this.keeping.claims.wait(owner, release => {
      cancel();
      this.read({ owner, identity, release, sessionId, isOwn: true }, done, otherwise);
    });
  }

  private read(
    claimed: Omit<Inheritance, 'left'>,
    done: (inheritance: Inheritance) => void,
    otherwise: () => void
  ): void {
    this.keeping.editStorage.read(claimed.owner, (kept, text) => {
      const replica = kept && hasEdits(kept) ? replicaOfKept(kept, text) : null;
      if (kept && hasEdits(kept) && !replica) {
        claimed.release();
        otherwise();
        return;
      }
      const left = kept && replica ? { standpoint: kept, replica } : null;
      const sessionId = claimed.sessionId ?? kept?.me.sessionId ?? null;
      done({ ...claimed, sessionId, left });
    });
  }

  /** Takes the first that no other page has. */
  private takeFirst(
    [owner, ...rest]: readonly string[],
    identity: string,
    done: (inheritance: Inheritance) => void,
    otherwise: () => void
  ): void {
    if (owner === undefined) {
      otherwise();
    } else {
      this.take(owner, identity, done, () => this.takeFirst(rest, identity, done, otherwise));
    }
  }

  /** Takes one that another page has only for a moment, or a new id. */
  private waitForAny(
    owners: readonly string[],
    identity: string,
    done: (inheritance: Inheritance) => void
  ): void {
    const stops: (() => void)[] = [];
    let isOver = owners.length === 0;
    const end = () => {
      isOver = true;
      cancel();
      stops.forEach(stop => stop());
    };
    const begin = () => this.begin(identity, done);
    if (isOver) {
      begin();
      return;
    }
    const cancel = this.environment.after(HELD_FOR_A_MOMENT, () => {
      end();
      begin();
    });
    for (const owner of owners) {
      const granted = (release: () => void) => {
        if (isOver) {
          release();
        } else {
          end();
          this.takeClaimed(owner, identity, release, done, begin);
        }
      };
      stops.push(this.keeping.claims.wait(owner, granted));
    }
  }

  /** A new id, which no other page can hold. */
  private begin(identity: string, done: (inheritance: Inheritance) => void): void {
    const owner = this.environment.uuid();
    this.keeping.claims.claim(owner, release =>
      done({
        owner,
        identity,
        release: release ?? (() => undefined),
        sessionId: null,
        left: null,
        isOwn: true
      })
    );
  }

  private isOurs(kept: Kept, identity: string): boolean {
    const isHere = kept.specId === this.origin.specId && kept.identity === identity;
    return isHere && !kept.ending && hasEdits(kept);
  }
}
