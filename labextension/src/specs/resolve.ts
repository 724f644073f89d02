import { SpecError, type SpecsApi } from './api';
import type { SpecEntry } from './entry';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The spec that `name` names: by its id, else by its title; `null` where there is none.
 *
 * Of several with one title it is the one that changed last. Letters' case counts only where it has to.
 */
export async function resolveSpec(api: SpecsApi, name: string): Promise<SpecEntry | null> {
  if (UUID.test(name)) {
    return api.get(name).catch(error => {
      if (error instanceof SpecError && error.code === 'SPEC_NOT_FOUND') {
        return null;
      }
      throw error;
    });
  }
  const { specs } = await api.list({ q: name, limit: 200 });
  return bestOf(specs, name);
}

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
