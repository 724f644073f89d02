import type { Environment } from '../runtime';
import { hasEdits, type Kept, type Origin, replicaOfKept, type Standpoint } from './kept';
import type { Replica } from '../sync';
import type { Keeping } from './editStorage';

/** A page's right to keep edits under an owner's id, and what was kept under it before. */
export interface Inheritance {
  readonly owner: string;
  /** The name that JupyterLab knows the user by; empty where it knows none. */
  readonly identity: string;
  release(): void;
  readonly sessionId: string | null;
  readonly left: Left | null;
}

/** Edits that an earlier page left. */
export interface Left {
  readonly standpoint: Standpoint;
  readonly replica: Replica;
}

/**
 * Finds what an earlier page left of a spec, so that this one goes on with it: first its own, from before a
 * reload, then that of a page which is gone, of the same user. Of two pages that look at once only one gets it.
 */
export class TakeOver {
  constructor(
    private readonly keeping: Keeping,
    private readonly environment: Environment,
    private readonly origin: Origin
  ) {}

  /** Calls back once: with the newest that was left, or with nothing under a new id. */
  inherit(done: (inheritance: Inheritance) => void): void {
    const { editStorage, memories } = this.keeping;
    const memory = memories.recall(this.origin);
    this.keeping.identify(identity => {
      const search = () =>
        editStorage.list(this.origin.server, all => {
          const owners = all.filter(kept => this.isOurs(kept, identity)).map(({ owner }) => owner);
          this.takeFirst(owners, identity, done);
        });
      if (memory) {
        this.take(memory.owner, identity, memory.sessionId, done, search);
      } else {
        search();
      }
    });
  }

  /** Takes what is kept under `owner`; `otherwise` where another page has it. */
  take(
    owner: string,
    identity: string,
    sessionId: string | null,
    done: (inheritance: Inheritance) => void,
    otherwise: () => void
  ): void {
    this.keeping.claims.claim(owner, release => {
      if (!release) {
        otherwise();
        return;
      }
      this.keeping.editStorage.read(owner, (kept, text) => {
        const replica = kept && hasEdits(kept) ? replicaOfKept(kept, text) : null;
        const left = kept && replica ? { standpoint: kept, replica } : null;
        const resumed = sessionId ?? kept?.me.sessionId ?? null;
        done({ owner, identity, release, sessionId: resumed, left });
      });
    });
  }

  /** The first that no other page has; a new one where there is none. */
  private takeFirst(
    owners: readonly string[],
    identity: string,
    done: (inheritance: Inheritance) => void
  ): void {
    const [owner = this.environment.uuid(), ...rest] = owners;
    this.take(owner, identity, null, done, () => this.takeFirst(rest, identity, done));
  }

  private isOurs(kept: Kept, identity: string): boolean {
    const isHere = kept.specId === this.origin.specId && kept.identity === identity;
    return isHere && !kept.ending && hasEdits(kept);
  }
}
