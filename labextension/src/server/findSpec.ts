import type { SpecsApi } from './specsApi';
import { SpecError } from './error';
import { bestOf } from './bestOf';
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
