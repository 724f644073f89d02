import { isDraft, type RemoteCursor } from '../protocol';
import type { Environment } from '../runtime';
import type { Replica } from '../sync';
import { forward, readDraft, type RemoteDraft, shown, type ShownDraft } from './draft';

/** Milliseconds without news of a session after which its draft is not shown any more. */
export const DRAFT_EXPIRES = 5_000;

/** A draft that is shown, over the shown text. */
export interface UserDraft extends ShownDraft {
  readonly sessionId: string;
  readonly userId: string;
}

interface Held {
  readonly userId: string;
  readonly epoch: string;
  readonly draft: RemoteDraft;
  /** When it expires, on the environment's clock. */
  readonly until: number;
}

/**
 * What others are typing: one draft a session, kept at the newest version of the replica.
 *
 * `changed` is called when a draft comes, goes, or loses the part that was committed; not when the text around it
 * changes.
 */
export class Drafts {
  private held: ReadonlyMap<string, Held> = new Map();
  private cancelExpiry: (() => void) | null = null;
  private last: { readonly replica: Replica; readonly shown: readonly UserDraft[] } | null = null;

  /** `replica` is `null` while offsets in the document can't be translated. */
  constructor(
    private readonly environment: Environment,
    private readonly replica: () => Replica | null,
    private readonly changed: () => void
  ) {}

  /** The drafts, over the text of the replica. */
  get shown(): readonly UserDraft[] {
    const replica = this.held.size > 0 ? this.replica() : null;
    if (!replica) {
      return NONE;
    }
    this.settle(replica);
    if (this.last?.replica !== replica) {
      const { outstanding, buffer } = replica.pending;
      const pending = [outstanding?.operation, buffer?.operation];
      const drafts = [...this.held.values()].flatMap(({ draft, userId }) => {
        const over = shown(draft, pending);
        return over ? [{ ...over, userId, sessionId: draft.sessionId }] : [];
      });
      this.last = { replica, shown: drafts };
    }
    return this.last.shown;
  }

  /** A session's cursor came, with a draft or without. */
  receive({ sessionId, userId, draft: sent }: RemoteCursor): void {
    const replica = this.replica();
    const draft =
      replica && isDraft(sent)
        ? readDraft({ sessionId, userId }, sent, replica.recentVersions)
        : null;
    if (!draft && !this.held.has(sessionId)) {
      return;
    }
    const others = [...this.held].filter(
      ([key, held]) => key !== sessionId && !isSameFlight(held.draft, draft)
    );
    const until = this.environment.now() + DRAFT_EXPIRES;
    const mine: [string, Held][] =
      draft && replica ? [[sessionId, { userId, epoch: replica.epoch, draft, until }]] : [];
    this.become(new Map([...others, ...mine]));
  }

  /** Only these users are still there. */
  keepOf(userIds: ReadonlySet<string>): void {
    this.keep(({ userId }) => userIds.has(userId));
  }

  /** The text changed, by an operation of somebody else. */
  textChanged(): void {
    const replica = this.held.size > 0 ? this.replica() : null;
    if (replica && this.settle(replica)) {
      this.changed();
    }
  }

  clear(): void {
    this.keep(() => false);
  }

  private keep(stays: (held: Held) => boolean): void {
    const staying = [...this.held].filter(([, held]) => stays(held));
    if (staying.length < this.held.size) {
      this.become(new Map(staying));
    }
  }

  private become(held: ReadonlyMap<string, Held>): void {
    this.held = held;
    this.last = null;
    this.watch();
    this.changed();
  }

  /** Brings the drafts to the replica's version; returns whether one of them is over, or has lost a part. */
  private settle(replica: Replica): boolean {
    const { version, epoch, recentVersions } = replica;
    if ([...this.held.values()].every(held => isAt(held, replica))) {
      return false;
    }
    let isLess = false;
    const settled = [...this.held].flatMap(([sessionId, held]): [string, Held][] => {
      const draft = held.epoch === epoch ? forward(held.draft, recentVersions) : null;
      isLess ||= draft?.inFlight?.operationId !== held.draft.inFlight?.operationId || !draft;
      return draft ? [[sessionId, { ...held, draft: { ...draft, version } }]] : [];
    });
    this.held = new Map(settled);
    this.last = null;
    return isLess;
  }

  private watch(): void {
    this.cancelExpiry?.();
    this.cancelExpiry = null;
    if (this.held.size > 0) {
      const now = this.environment.now();
      const first = Math.min(...[...this.held.values()].map(({ until }) => until));
      this.cancelExpiry = this.environment.after(Math.max(0, first - now), () => {
        this.cancelExpiry = null;
        const at = this.environment.now();
        this.keep(({ until }) => until > at);
        this.watch();
      });
    }
  }
}

const NONE: readonly UserDraft[] = [];

function isAt({ draft, epoch }: Held, replica: Replica): boolean {
  return draft.version === replica.version && epoch === replica.epoch;
}

/** Whether both announce one operation: a session that goes on under another id sends what the first had sent. */
function isSameFlight(one: RemoteDraft, other: RemoteDraft | null): boolean {
  return (
    one.inFlight !== null &&
    other !== null &&
    one.inFlight.operationId === other.inFlight?.operationId
  );
}
