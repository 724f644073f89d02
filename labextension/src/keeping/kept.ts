import type { Limits, Role, SentOperation } from '../protocol';
import { type Component, compose, EMPTY, normalise, Operation, Text } from '../text';
import {
  type Buffer,
  type Outstanding,
  pendingOf,
  type Replica,
  type Message,
  RecentVersions
} from '../sync';
import type { Me } from '../presence';

/** Where edits were made. */
export interface Origin {
  /** The server's address. */
  readonly server: string;
  readonly specId: string;
}

/** What another page needs, besides the edits, to continue in place of the page that made them. */
export interface Standpoint {
  readonly me: Me;
  readonly role: Role | null;
  readonly limits: Limits | null;
}

/**
 * A page's unacknowledged edits as plain data: all that another page needs to continue with them.
 *
 * The committed text is stored separately, since it is long and seldom rewritten. `since` leads from that
 * text to the one at `version`.
 */
export interface Kept extends Origin, Standpoint {
  /** A random id of the page that the edits belong to. */
  readonly owner: string;
  /** The user's name in JupyterLab; empty where it had none. */
  readonly identity: string;
  readonly epoch: string;
  /** The version of the stored text. */
  readonly textVersion: number;
  readonly since: readonly Component[];
  readonly version: number;
  readonly outstanding: {
    readonly message: SentOperation;
    readonly operation: readonly Component[];
    readonly edits: number;
  } | null;
  readonly buffer: { readonly operation: readonly Component[]; readonly edits: number } | null;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** Why these edits can't be sent; `null` where they can. */
  readonly ending: Message | null;
}

/** The stored text. */
export interface KeptText {
  readonly epoch: string;
  readonly version: number;
  readonly content: string;
}

/** What is already stored of a replica. */
export interface Stored {
  readonly epoch: string;
  readonly textVersion: number;
  readonly textLength: number;
  readonly since: Operation;
  readonly version: number;
}

/** The text is rewritten after this many code points of others' edits, or this share of its length. */
const REWRITE_AFTER = 20_000;
const REWRITE_SHARE = 0.1;

/** What is to be stored of `replica` after `stored`, with the text where that has to be rewritten. */
export function toStore(
  replica: Replica,
  stored: Stored | null
): { stored: Stored; text: KeptText | null } {
  const { epoch, version, committed } = replica;
  const steps = stored?.epoch === epoch ? replica.recentVersions.since(stored.version) : null;
  const since =
    steps && stored && steps.reduce((sum, { operation }) => compose(sum, operation), stored.since);
  const most = Math.max(REWRITE_AFTER, (stored?.textLength ?? 0) * REWRITE_SHARE);
  if (since && stored && weight(since) <= most) {
    return { stored: { ...stored, since, version }, text: null };
  }
  const { length } = committed;
  return {
    stored: { epoch, textVersion: version, textLength: length, since: EMPTY, version },
    text: { epoch, version, content: committed.toString() }
  };
}

/** The approximate size of an operation in UTF-16 units. */
export function weight(operation: Operation): number {
  return operation.components.reduce<number>(
    (sum, component) => sum + (typeof component === 'string' ? component.length : 4),
    0
  );
}

/** The parts of {@link Kept} that come from the replica. */
export function editsOf({ pending }: Replica): Pick<Kept, 'outstanding' | 'buffer'> {
  const { outstanding, buffer } = pending;
  return {
    outstanding: outstanding && { ...outstanding, operation: outstanding.operation.components },
    buffer: buffer && { ...buffer, operation: buffer.operation.components }
  };
}

/** The replica that was stored; `null` where record and text don't belong together. */
export function replicaOfKept(kept: Kept, text: KeptText | null): Replica | null {
  if (text?.epoch !== kept.epoch || text.version !== kept.textVersion) {
    return null;
  }
  const committed = Text.of(text.content).apply(new Operation(kept.since));
  const outstanding: Outstanding | null = kept.outstanding && {
    ...kept.outstanding,
    operation: new Operation(kept.outstanding.operation)
  };
  const buffer: Buffer | null = kept.buffer && {
    ...kept.buffer,
    operation: normalise(new Operation(kept.buffer.operation))
  };
  const withOutstanding = outstanding ? committed.apply(outstanding.operation) : committed;
  return {
    epoch: kept.epoch,
    version: kept.version,
    committed,
    pending: pendingOf(outstanding, buffer),
    text: buffer ? withOutstanding.apply(buffer.operation) : withOutstanding,
    recentVersions: RecentVersions.from(kept.version, committed)
  };
}

/** Whether it contains unacknowledged edits. */
export function hasEdits({ outstanding, buffer }: Kept): boolean {
  return outstanding !== null || buffer !== null;
}
