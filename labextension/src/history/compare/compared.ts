import type { IDisposable } from '@lumino/disposable';

import { browserEnvironment, inSlices, Listeners } from '../../runtime';
import { SpecError } from '../../server/error';
import type { HistoryApi, TextAtVersion } from '../../server/history';
import type { Change, ConnectionState, SpecConnection } from '../../session';
import { diffInSteps, normalise, type Operation, type Steps, Text, transform } from '../../text';
import { Authors, type Writer } from './authors';
import type { Pair } from './pair';
import { broughtOn, Undoable } from './passage';

/** One of the two texts. */
export interface Version {
  /** `null`: the text as it is now. */
  readonly version: number | null;
  /** When it was made, in milliseconds since 1970; `null` for now. */
  readonly time: number | null;
  /** Who made it; empty where that isn't known. */
  readonly userName: string;
}

export interface ComparedOptions {
  readonly pair: Pair;
  readonly api: Pick<HistoryApi, 'at' | 'attribution'>;
  /** It is released when the comparison ends. */
  readonly connection: SpecConnection;
}

/** What was made of a passage. `undo` takes it back. */
export interface Restored {
  readonly isChanged: boolean;
  undo(): void;
}

/**
 * Two texts that are compared. Where the newer one is the text as it is now, it changes when somebody asks for the
 * changes that wait ({@link catchUp}), so that what is shown of it fits.
 */
export class Compared implements IDisposable {
  private olderText = Text.EMPTY;
  private newerText = Text.EMPTY;
  private versions: readonly [Version, Version] | null = null;
  private waiting: Change[] = [];
  private found: Authors | null = null;
  /** Changes that were in the text of which the server told who wrote it. */
  private told = new WeakSet<Change>();
  private stopFollowing: () => void = () => undefined;
  private readonly ending = new AbortController();
  private readonly arrivals = new Listeners<void>();
  private readonly authorsFound = new Listeners<void>();

  constructor(private readonly options: ComparedOptions) {}

  get pair(): Pair {
    return this.options.pair;
  }

  get connection(): SpecConnection {
    return this.options.connection;
  }

  get isDisposed(): boolean {
    return this.ending.signal.aborted;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.ending.abort();
      this.stopFollowing();
      this.connection.release();
    }
  }

  /** Whether the newer text is the one as it is now. */
  get isLive(): boolean {
    return this.pair.newer === null;
  }

  /** The older text; empty before it is loaded, as the newer one. */
  get older(): Text {
    return this.olderText;
  }

  /** The newer text, without the changes that wait. */
  get newer(): Text {
    return this.newerText;
  }

  /** The older version and the newer one; `null` before they are loaded. */
  get sides(): readonly [Version, Version] | null {
    return this.versions;
  }

  /** Who wrote the newer text; `null` as long as that isn't known. */
  get authors(): Authors | null {
    return this.found?.length === this.newerText.length ? this.found : null;
  }

  /** Calls back when changes of the newer text wait. */
  onArrival(listener: () => void): () => void {
    return this.arrivals.add(listener);
  }

  /** Calls back when it is known who wrote the newer text. */
  onAuthors(listener: () => void): () => void {
    return this.authorsFound.add(listener);
  }

  /** Loads both texts. Rejects with {@link SpecError}. */
  async load(): Promise<void> {
    const { pair, api, connection } = this.options;
    const { signal } = this.ending;
    const { specId, older, newer } = pair;
    const [old, young] = await Promise.all([
      api.at(specId, older, signal),
      newer === null ? joined(connection, signal) : api.at(specId, newer, signal)
    ]);
    this.olderText = Text.of(old.content);
    const from = sideOf(old);
    if (young) {
      this.newerText = Text.of(young.content);
      this.versions = [from, sideOf(young)];
    } else {
      this.newerText = connection.document;
      this.versions = [from, { version: null, time: null, userName: '' }];
      this.stopFollowing = connection.onChange(change => {
        this.waiting.push(change);
        this.arrivals.tell();
      });
    }
  }

  /** How the newer text differs from the older one. A long text takes seconds, during which the page goes on. */
  difference(): Promise<Operation> {
    const { olderText, newerText } = this;
    return this.sliced(diffInSteps(olderText.toString(), newerText.toString()));
  }

  /** The changes that have waited; from now on they are in the newer text. */
  catchUp(): readonly Change[] {
    const changes = this.waiting;
    this.waiting = [];
    for (const change of changes) {
      this.newerText = change.after;
      if (!this.told.has(change)) {
        this.found?.apply(change.operation, this.writerOf(change));
      }
    }
    return changes;
  }

  /** Finds out who wrote the newer text. What the server says of now holds for a moment at which all is saved. */
  async findAuthors(): Promise<void> {
    const { pair, api, connection } = this.options;
    const { signal } = this.ending;
    if (pair.newer !== null) {
      this.found = Authors.of(await api.attribution(pair.specId, pair.newer, signal));
      this.authorsFound.tell();
      return;
    }
    await until(connection, ({ status }) => status === 'synchronised', signal);
    const changes: Change[] = [];
    const stop = connection.onChange(change => changes.push(change));
    try {
      const { version } = connection.state;
      const known = connection.document;
      const told = new WeakSet(this.waiting);
      const found = Authors.of(await api.attribution(pair.specId, version, signal));
      if (found.length === known.length) {
        const later = new Set(this.waiting);
        const shown = changes.filter(change => !later.has(change));
        shown.forEach(change => found.apply(change.operation, this.writerOf(change)));
        this.told = told;
        this.found = found;
        this.authorsFound.tell();
      }
    } finally {
      stop();
    }
  }

  /**
   * Brings older words back: `operation`, over the newer text as it was shown, becomes an ordinary edit of the text as it
   * is now. Rejects with {@link SpecError} where the user may not edit.
   *
   * Law (`restoring.test.ts`): nothing goes that somebody wrote meanwhile, in the passage or elsewhere.
   */
  async takeBack(operation: Operation, shown: Text): Promise<Restored> {
    const { connection, ending } = this;
    await joined(connection, ending.signal);
    if (!connection.state.canEdit) {
      throw new SpecError('FORBIDDEN', '');
    }
    const isFollowed = this.isLive && shown === this.newerText;
    const since: Change[] = isFollowed ? [...this.waiting] : [];
    const stop = connection.onChange(change => since.push(change));
    let edit = operation;
    try {
      if (!isFollowed) {
        const present = connection.document.toString();
        edit = await this.sliced(broughtOn(operation, shown.toString(), present));
      }
    } finally {
      stop();
    }
    return this.edit(
      since.reduce((moved, { operation: by }) => normalise(transform(moved, by, 'left')), edit)
    );
  }

  private edit(operation: Operation): Restored {
    const { connection } = this;
    if (operation.isEmpty) {
      return { isChanged: false, undo: () => undefined };
    }
    const undoable = new Undoable(operation, connection.document);
    const edited = (each: Operation) => {
      connection.closeUndoStep();
      connection.edit(each);
      connection.closeUndoStep();
    };
    edited(operation);
    let isUndone = false;
    const stop = connection.onChange(change => {
      undoable.follow(change.operation);
      isUndone ||= change.origin === 'undo'; // by Ctrl+Z: not a second time
    });
    this.ending.signal.addEventListener('abort', stop);
    return {
      isChanged: true,
      undo: () => {
        stop();
        if (!isUndone && !this.isDisposed) {
          isUndone = true;
          edited(undoable.back);
        }
      }
    };
  }

  private writerOf({ userId, origin }: Change): Writer {
    const { users, me } = this.connection.state;
    const isMine = origin === 'local' || origin === 'undo';
    const id = userId ?? (isMine ? (me?.userId ?? '') : '');
    const user = users.find(each => each.userId === id);
    const userName = user?.userName ?? (isMine ? (me?.userName ?? '') : '');
    return { userId: id, userName, colour: user?.color ?? null, time: Date.now() };
  }

  private sliced<Result>(steps: Steps<Result>): Promise<Result> {
    const { signal } = this.ending;
    return new Promise((resolve, reject) => {
      const cancel = inSlices(browserEnvironment, steps, resolve);
      signal.addEventListener('abort', () => {
        cancel();
        reject(signal.reason as Error);
      });
    });
  }
}

function sideOf({ version, modifiedAt, modifiedByName }: TextAtVersion): Version {
  return { version, time: Date.parse(modifiedAt), userName: modifiedByName };
}

/** Resolves when the connection has a text. Rejects with {@link SpecError} if it will have none. */
async function joined(connection: SpecConnection, signal: AbortSignal): Promise<null> {
  await until(connection, ({ status }) => status !== 'connecting', signal);
  const { status, error } = connection.state;
  if (status === 'ended' && error) {
    throw new SpecError(error.code, error.message);
  }
  return null;
}

function until(
  connection: SpecConnection,
  holds: (state: ConnectionState) => boolean,
  signal: AbortSignal
): Promise<void> {
  if (holds(connection.state)) {
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    const end = connection.subscribe(state => {
      if (holds(state)) {
        end();
        resolve();
      }
    });
    signal.addEventListener('abort', () => {
      end();
      reject(signal.reason as Error);
    });
  });
}
