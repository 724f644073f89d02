import { describe, expect, it } from 'vitest';

import { safeColour } from '../../src/editor/colours';

describe('colours of others', () => {
  it.each(['#abc', '#A1B2C3', 'var(--jp-collaborator-color1)', 'var(--jp-collaborator-color12)'])(
    'are accepted if valid: %s',
    colour => {
      expect(safeColour(colour, 'u')).toBe(colour);
    }
  );

  it.each([
    'red;background:url(http://evil)',
    'url(javascript:alert(1))',
    'var(--jp-collaborator-color1);x',
    'var(--other)',
    '#12345',
    'expression(1)',
    '',
    null,
    undefined
  ])('are the user’s own hue otherwise: %s', colour => {
    expect(safeColour(colour, 'u')).toMatch(/^hsl\(\d+, 65%, 42%\)$/);
  });

  it('are always the same for a user, and differ between users', () => {
    expect(safeColour(null, 'ann')).toBe(safeColour(null, 'ann'));
    expect(safeColour(null, 'ann')).not.toBe(safeColour(null, 'bob'));
  });
});
