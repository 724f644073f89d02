/** What is shown of a spec: its source, the source and the preview beside it, or the preview alone. */
export type PreviewMode = 'off' | 'beside' | 'instead';

export const MODES: readonly PreviewMode[] = ['off', 'beside', 'instead'];

/** Pixels of width below which both don't fit beside each other. */
export const NARROW = 700;

export function isMode(value: unknown): value is PreviewMode {
  return MODES.includes(value as PreviewMode);
}

/** What is shown in a place of this width. */
export function shownMode(mode: PreviewMode, width: number): PreviewMode {
  return mode === 'beside' && width > 0 && width < NARROW ? 'instead' : mode;
}

/** The next one, with a key that goes through them; a narrow place has two. */
export function nextMode(mode: PreviewMode, width: number): PreviewMode {
  const isNarrow = width > 0 && width < NARROW;
  if (isNarrow) {
    return mode === 'off' ? 'instead' : 'off';
  }
  return MODES[(MODES.indexOf(mode) + 1) % MODES.length]!;
}
