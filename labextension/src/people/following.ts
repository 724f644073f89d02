import type { ActiveUser } from '../protocol';
import { Listeners } from '../runtime';
import type { SpecConnection, Summons } from '../session';

/** Milliseconds after an edit of one's own within which a summons asks, and does not move the view. */
export const BUSY = 5_000;

/** Whom the view follows, and who asks to be followed. */
export interface FollowState {
  readonly followed: string | null;
  /** Whom the last click went to: another one follows them. */
  readonly jumped: string | null;
  readonly summons: Summons | null;
}

const NOBODY: FollowState = { followed: null, jumped: null, summons: null };

export interface FollowingOptions {
  readonly connection: SpecConnection;
  /** Brings a user's caret on the screen, at once or if it is not there (`nearest`). */
  show(userId: string, nearest: boolean): void;
  /** Calls back before the next frame; returns how to cancel that. */
  soon(callback: () => void): () => void;
  now(): number;
}

/**
 * Goes to where somebody is, and follows them until the user does something else.
 *
 * A first click goes there, a second one follows. A summons is followed at once, unless the user has just been typing.
 */
export class Following {
  private current: FollowState = NOBODY;
  private readonly listeners = new Listeners<FollowState>();
  private readonly unsubscribe: readonly (() => void)[];
  private cancel: (() => void) | null = null;
  private editedAt = -Infinity;

  constructor(private readonly options: FollowingOptions) {
    const { connection } = options;
    const moved = () => this.moved();
    this.unsubscribe = [
      connection.onCursors(moved),
      connection.onDrafts(moved),
      connection.onChange(({ origin }) => (origin === 'remote' ? moved() : this.edited(origin))),
      connection.onSummons(summons => this.summoned(summons)),
      connection.subscribe(({ users }) => this.usersChanged(users))
    ];
  }

  get state(): FollowState {
    return this.current;
  }

  subscribe(listener: (state: FollowState) => void): () => void {
    return this.listeners.add(listener);
  }

  dispose(): void {
    this.cancel?.();
    this.unsubscribe.forEach(unsubscribe => unsubscribe());
  }

  /** The user clicked on somebody: goes there, the second time follows, the third time stops. */
  click(userId: string): void {
    const { followed, jumped } = this.current;
    if (followed === userId) {
      this.stop();
    } else if (jumped === userId) {
      this.follow(userId);
    } else {
      this.become({ ...NOBODY, jumped: userId });
      this.options.show(userId, false);
    }
  }

  follow(userId: string): void {
    this.become({ followed: userId, jumped: null, summons: null });
    this.options.show(userId, false);
  }

  /** The user does something else: types, scrolls, moves the caret, or presses Escape. */
  stop(): void {
    if (this.current !== NOBODY) {
      this.become(NOBODY);
    }
  }

  private become(state: FollowState): void {
    this.cancel?.();
    this.cancel = null;
    this.current = state;
    this.listeners.tell(state);
  }

  private edited(origin: string): void {
    if (origin === 'local' || origin === 'undo') {
      this.editedAt = this.options.now();
      this.stop();
    }
  }

  private moved(): void {
    const { followed } = this.current;
    if (followed) {
      this.cancel ??= this.options.soon(() => {
        this.cancel = null;
        this.options.show(followed, true);
      });
    }
  }

  private summoned(summons: Summons): void {
    if (summons.userId === this.options.connection.state.me?.userId) {
      return;
    }
    if (this.options.now() - this.editedAt >= BUSY) {
      this.follow(summons.userId);
    } else {
      this.become({ ...NOBODY, summons });
    }
  }

  private usersChanged(users: readonly ActiveUser[]): void {
    const { followed, jumped, summons } = this.current;
    const who = followed ?? jumped ?? summons?.userId;
    if (who && !users.some(({ userId }) => userId === who)) {
      this.stop();
    }
  }
}
