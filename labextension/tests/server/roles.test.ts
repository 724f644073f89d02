import { describe, expect, it } from 'vitest';

import { allows } from '../../src/server/roles';

describe('allows', () => {
  it('includes each role in the ones above it', () => {
    expect(allows('owner', 'contributor')).toBe(true);
    expect(allows('viewer', 'contributor')).toBe(false);
    expect(allows('none', 'viewer')).toBe(false);
  });
});
