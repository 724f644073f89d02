import { vi } from 'vitest';

/** Resolves when a check passes, however slow the machine is; rejects with what it says after a minute. */
export function eventually<Value>(check: () => Value): Promise<Value> {
  return vi.waitFor(check, { timeout: 60_000, interval: 10 });
}
