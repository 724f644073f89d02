import { SpecError } from './error';
import type { SpecEntry, SpecsApi } from './specs';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a name is the id of a spec. */
export function isSpecId(name: string): boolean {
  return UUID.test(name);
}

/** Finds a spec by its id or else by its title; `null` if there is none. */
export async function findSpec(api: SpecsApi, name: string): Promise<SpecEntry | null> {
  if (isSpecId(name)) {
    return api.get(name).catch(error => {
      if (error instanceof SpecError && error.code === 'SPEC_NOT_FOUND') {
        return null;
      }
      throw error;
    });
  }
  const { specs } = await api.list({ q: name, limit: 200 });
  return bestMatch(specs, name);
}

/**
 * The spec with this title; the one that was modified last if there are several.
 *
 * Titles are compared in NFC; case is ignored only if no title matches exactly.
 */
export function bestMatch(specs: readonly SpecEntry[], title: string): SpecEntry | null {
  const nfc = (each: string) => each.trim().normalize('NFC');
  const wanted = nfc(title);
  const exact = specs.filter(({ title: each }) => nfc(each) === wanted);
  const folded = specs.filter(
    ({ title: each }) => nfc(each).toLocaleLowerCase() === wanted.toLocaleLowerCase()
  );
  const candidates = exact.length ? exact : folded;
  return [...candidates].sort((a, b) => b.lastModified.localeCompare(a.lastModified))[0] ?? null;
}
