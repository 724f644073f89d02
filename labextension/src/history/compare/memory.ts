/** How two texts are shown: in one column, in two, or both as they read. */
export const MODES = ['unified', 'beside', 'rendered'] as const;

export type CompareMode = (typeof MODES)[number];

/** What decides how two texts are shown. */
export interface ModeChoice {
  /** What the user chose. */
  readonly mode: CompareMode;
  /** Whether there is no room for two columns. */
  readonly isNarrow: boolean;
  /** Whether a piece is too long for one column, which holds all of it at once. */
  readonly isLong: boolean;
}

/** How the texts are shown: in one column where there is no room for two, in two where a piece is too long for one. */
export function modeIn({ mode, isNarrow, isLong }: ModeChoice): CompareMode {
  if (mode === 'rendered') {
    return mode;
  }
  return isLong ? 'beside' : isNarrow ? 'unified' : mode;
}

const KEY = 'jupyter-speccollab:compare-mode';

/** How the user looked at comparisons the last time, kept in this browser. */
export class CompareMemory {
  private last: CompareMode | null = null;

  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'>) {}

  get mode(): CompareMode {
    let kept: string | null = this.last;
    try {
      kept ??= this.storage.getItem(KEY);
    } catch {
      // Denied: it holds as long as the page is open.
    }
    return MODES.find(mode => mode === kept) ?? 'unified';
  }

  set mode(mode: CompareMode) {
    this.last = mode;
    try {
      this.storage.setItem(KEY, mode);
    } catch {
      // As above.
    }
  }
}
