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
}

/** Edits that an earlier page left. */
export interface Left {
  readonly standpoint: Standpoint;
  readonly replica: Replica;
}

/**
 * Finds the edits that an earlier page left of a spec, so that this page continues with them: first its own
 * from before a reload, then those of another page of the same user that is gone. Of two pages that search at
 * the same time only one gets them.
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

  /** Takes the edits of `owner`; calls `otherwise` where another page has them. */
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

  /** Takes the first that no other page has, or a new id. */
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
