import { describe, expect, it } from 'vitest';

import { bestMatch } from '../../src/server/findSpec';
import type { SpecEntry } from '../../src/server/specs';

function entry(specId: string, title: string, lastModified: string): SpecEntry {
  const rest = { description: '', type: '', status: 'draft', role: 'owner', version: 1 };
  return { ...rest, specId, title, lastModified, lastModifiedBy: 'u', activeUsers: [] };
}

describe('bestMatch', () => {
  const specs = [
    entry('old', 'Churn model', '2026-01-01T00:00:00Z'),
    entry('new', 'Churn model', '2026-02-01T00:00:00Z'),
    entry('loud', 'CHURN MODEL', '2026-03-01T00:00:00Z'),
    entry('more', 'Churn model, second', '2026-04-01T00:00:00Z'),
    entry('accent', 'Étude', '2026-05-01T00:00:00Z')
  ];

  it('prefers the last modified of several with the same title', () => {
    expect(bestMatch(specs, ' Churn model ')?.specId).toBe('new');
  });

  it('ignores case only if no title matches exactly', () => {
    expect(bestMatch(specs, 'churn model, SECOND')?.specId).toBe('more');
    expect(bestMatch(specs, 'CHURN MODEL')?.specId).toBe('loud');
  });

  it('finds a title that is typed with a combining accent', () => {
    expect(bestMatch(specs, 'E\u0301tude')?.specId).toBe('accent');
  });

  it('ignores titles that only begin with the wanted one', () => {
    expect(bestMatch(specs, 'Churn')).toBeNull();
  });
});
