import type { Claims } from '../editStorage';

const PREFIX = 'jupyter-speccollab:';
/** Milliseconds within which another page has to answer that it holds an owner. */
const ANSWER_WITHIN = 300;
/** Milliseconds between two questions of a page that waits for an owner. */
const ASK_AGAIN = 1_000;

/** Web Locks where the browser has them; it has none for pages that came over plain HTTP. */
export function browserClaims(): Claims {
  return navigator.locks ? new LockClaims(navigator.locks) : new ChannelClaims();
}

/** Claims by Web Locks, which the browser releases when a page ends or crashes. */
export class LockClaims implements Claims {
  constructor(private readonly locks: LockManager) {}

  claim(owner: string, done: (release: (() => void) | null) => void): void {
    let isAnswered = false;
    const answer = (release: (() => void) | null) => {
      isAnswered = true;
      done(release);
    };
    const held = this.locks.request(PREFIX + owner, { ifAvailable: true }, lock => {
      if (!lock) {
        answer(null);
        return undefined;
      }
      return new Promise<void>(release => answer(release));
    });
    held.catch((error: unknown) => {
      reportError(error);
      if (!isAnswered) {
        done(null);
      }
    });
  }

  wait(owner: string, done: (release: () => void) => void): () => void {
    const end = new AbortController();
    const held = this.locks.request(
      PREFIX + owner,
      { signal: end.signal },
      () => new Promise<void>(release => done(release))
    );
    held.catch((error: unknown) => {
      if (!end.signal.aborted) {
        reportError(error);
      }
    });
    return () => end.abort();
  }
}

type Word =
  | { readonly kind: 'ask'; readonly owner: string; readonly lot: number }
  | { readonly kind: 'held'; readonly owner: string };

/** Claims by asking the other pages. Of two that ask at the same time, the one with the lower number wins. */
export class ChannelClaims implements Claims {
  private readonly channel = new BroadcastChannel(`${PREFIX}claims`);
  private readonly held = new Set<string>();
  private readonly asking = new Map<string, { readonly lot: number; refused(): void }>();

  constructor() {
    this.channel.onmessage = event => this.hear(event.data as Word);
  }

  claim(owner: string, done: (release: (() => void) | null) => void): void {
    if (this.held.has(owner) || this.asking.has(owner)) {
      done(null);
      return;
    }
    const lot = Math.random();
    const settle = (isMine: boolean) => {
      clearTimeout(timer);
      this.asking.delete(owner);
      if (isMine) {
        this.held.add(owner);
      }
      done(isMine ? () => this.held.delete(owner) : null);
    };
    const timer = setTimeout(() => settle(true), ANSWER_WITHIN);
    this.asking.set(owner, { lot, refused: () => settle(false) });
    this.say({ kind: 'ask', owner, lot });
  }

  wait(owner: string, done: (release: () => void) => void): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = () =>
      this.claim(owner, release => {
        if (isOver) {
          release?.();
        } else if (release) {
          done(release);
        } else {
          timer = setTimeout(ask, ASK_AGAIN);
        }
      });
    ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }

  /** Stops listening to other pages. */
  close(): void {
    this.channel.close();
  }

  private hear(word: Word): void {
    const { owner } = word;
    const question = this.asking.get(owner);
    if (word.kind === 'held' || (question && word.lot < question.lot)) {
      question?.refused();
    } else if (question) {
      this.say({ kind: 'ask', owner, lot: question.lot }); // the other page may have opened after the first question
    } else if (this.held.has(owner)) {
      this.say({ kind: 'held', owner });
    }
  }

  private say(word: Word): void {
    this.channel.postMessage(word);
  }
}
