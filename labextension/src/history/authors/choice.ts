/** What the tint tells: who wrote a letter, or how long ago. */
export type TintMode = 'author' | 'age';

export const TINT_MODES: readonly TintMode[] = ['author', 'age'];

/** Of which letters it tells: of all, or of those that are newer than something. */
export type Since =
  | { readonly kind: 'beginning' }
  | { readonly kind: 'visit' }
  | { readonly kind: 'version'; readonly version: number }
  /** `time` in whole seconds since 1970. */
  | { readonly kind: 'date'; readonly time: number };

export interface TintChoice {
  readonly isOn: boolean;
  readonly mode: TintMode;
  readonly since: Since;
}

export const OFF: TintChoice = { isOn: false, mode: 'author', since: { kind: 'beginning' } };

type Store = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'jupyter-speccollab:who-wrote-this';
/** For how many specs the choice is kept. */
const MOST = 200;

/** What the user has chosen for each spec, kept in this browser. */
export class TintMemory {
  constructor(private readonly storage: Store) {}

  choiceOf(specId: string): TintChoice {
    const kept = this.all().find(([id]) => id === specId)?.[1];
    return isChoice(kept) ? kept : OFF;
  }

  keep(specId: string, choice: TintChoice): void {
    const others = this.all().filter(([id]) => id !== specId);
    try {
      this.storage.setItem(KEY, JSON.stringify([...others, [specId, choice]].slice(-MOST)));
    } catch {
      // Denied or full: it holds as long as the page is open.
    }
  }

  private all(): [string, unknown][] {
    try {
      const kept = JSON.parse(this.storage.getItem(KEY) ?? '[]') as unknown;
      return Array.isArray(kept) ? (kept.filter(Array.isArray) as [string, unknown][]) : [];
    } catch {
      return []; // denied, or written by something else
    }
  }
}

function isChoice(kept: unknown): kept is TintChoice {
  const choice = kept as Partial<TintChoice> | null;
  return (
    typeof choice === 'object' &&
    choice !== null &&
    typeof choice.isOn === 'boolean' &&
    TINT_MODES.includes(choice.mode as TintMode) &&
    isSince(choice.since)
  );
}

function isSince(kept: unknown): kept is Since {
  const since = kept as { kind?: unknown; version?: unknown; time?: unknown } | null | undefined;
  switch (since?.kind) {
    case 'beginning':
    case 'visit':
      return true;
    case 'version':
      return Number.isInteger(since.version);
    case 'date':
      return Number.isInteger(since.time);
    default:
      return false;
  }
}
