import { describe, expect, it } from 'vitest';

import { bestOf } from '../../src/server/bestOf';
import type { SpecEntry } from '../../src/server/entry';

function entry(specId: string, title: string, lastModified: string): SpecEntry {
  const rest = { description: '', type: '', status: 'draft', role: 'owner', version: 1 };
  return { ...rest, specId, title, lastModified, lastModifiedBy: 'u', activeUsers: [] };
}

describe('bestOf', () => {
  const specs = [
    entry('old', 'Churn model', '2026-01-01T00:00:00Z'),
    entry('new', 'Churn model', '2026-02-01T00:00:00Z'),
    entry('loud', 'CHURN MODEL', '2026-03-01T00:00:00Z'),
    entry('more', 'Churn model, second', '2026-04-01T00:00:00Z')
  ];

  it('takes the one that changed last among those of the very title', () => {
    expect(bestOf(specs, ' Churn model ')?.specId).toBe('new');
  });

  it('minds the case only where two differ by nothing else', () => {
    expect(bestOf(specs, 'churn model, SECOND')?.specId).toBe('more');
    expect(bestOf(specs, 'CHURN MODEL')?.specId).toBe('loud');
  });

  it('takes no title that only begins alike', () => {
    expect(bestOf(specs, 'Churn')).toBeNull();
  });
});
