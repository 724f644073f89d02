import type { SpecEntry } from './entry';

/** The one of `specs` whose title fits best. */
export function bestOf(specs: readonly SpecEntry[], title: string): SpecEntry | null {
  const wanted = title.trim();
  const exact = specs.filter(entry => entry.title.trim() === wanted);
  const folded = specs.filter(
    entry => entry.title.trim().toLocaleLowerCase() === wanted.toLocaleLowerCase()
  );
  const candidates = exact.length ? exact : folded;
  return [...candidates].sort((a, b) => b.lastModified.localeCompare(a.lastModified))[0] ?? null;
}
