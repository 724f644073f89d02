import type { Claims } from '../keeping';
import type { ThreadCall } from './calls';
import type { ListedStorage } from './messageDrafts';

/** Why the server refused a call, as plain data. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** A call as it is kept. */
export interface KeptCall {
  readonly call: ThreadCall;
  /** Whether it may have reached the server. */
  readonly wasSent: boolean;
  /** `null` where it is still to be sent. */
  readonly refusal: Refusal | null;
}

const PREFIX = 'jupyter-speccollab:thread-call:';

/**
 * Calls that outlive their page. Each belongs to one page of the browser, so that no two send it; what a page left
 * that is gone, another page takes over.
 */
export class KeptCalls {
  private readonly owner: string;
  private release: () => void = () => undefined;
  private isClosed = false;

  /** `origin` tells apart the calls of a user in a spec at a server from all others. */
  constructor(
    private readonly storage: ListedStorage,
    private readonly claims: Claims,
    environment: { uuid(): string },
    private readonly origin: string
  ) {
    this.owner = environment.uuid();
    claims.claim(claimOf(this.owner), release => this.claimed(release));
  }

  /** Keeps a call in its present form; without effect where the browser has no room for it. */
  put(kept: KeptCall): void {
    if (this.isClosed) {
      return; // another page may have it now
    }
    try {
      this.storage.setItem(this.nameOf(this.owner, kept.call.callId), JSON.stringify(kept));
    } catch {
      // The storage is full: the call lives as long as the page.
    }
  }

  remove(callId: string): void {
    if (!this.isClosed) {
      this.storage.removeItem(this.nameOf(this.owner, callId));
    }
  }

  /** Takes over what pages that are gone have left; calls back for each of them, with their calls in order. */
  adopt(found: (calls: readonly KeptCall[]) => void): void {
    for (const owner of this.owners()) {
      this.claims.claim(claimOf(owner), release => {
        if (release && !this.isClosed) {
          const left = this.takeFrom(owner);
          if (left.length > 0) {
            found(left);
          }
        }
        release?.();
      });
    }
  }

  /** The page has no use for its calls any more; they stay, for another one. */
  close(): void {
    this.isClosed = true;
    this.release();
  }

  private claimed(release: (() => void) | null): void {
    if (this.isClosed) {
      release?.();
    } else {
      this.release = release ?? this.release;
    }
  }

  private takeFrom(owner: string): KeptCall[] {
    const calls: KeptCall[] = [];
    for (const key of this.keys(`${this.nameOf(owner, '')}`)) {
      const kept = parsed(this.storage.getItem(key));
      if (kept) {
        this.put(kept); // before it goes from its old place: twice is harmless, since a call has an id
        calls.push(kept);
      }
      this.storage.removeItem(key);
    }
    return calls.sort((one, other) => one.call.at - other.call.at);
  }

  private owners(): ReadonlySet<string> {
    const begin = PREFIX + this.origin + ':';
    const owners = this.keys(begin).map(key => key.slice(begin.length).split(':')[0]);
    return new Set(owners.filter(owner => owner !== this.owner));
  }

  private keys(begin: string): string[] {
    return Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index))
      .filter(key => key !== null)
      .filter(key => key.startsWith(begin));
  }

  private nameOf(owner: string, callId: string): string {
    return `${PREFIX}${this.origin}:${owner}:${callId}`;
  }
}

function claimOf(owner: string): string {
  return `threads:${owner}`;
}

/** What cannot be read is none. */
function parsed(value: string | null): KeptCall | null {
  try {
    const kept = JSON.parse(value ?? 'null') as KeptCall | null;
    return typeof kept?.call?.callId === 'string' ? kept : null;
  } catch {
    return null;
  }
}
