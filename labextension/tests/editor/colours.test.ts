import { describe, expect, it } from 'vitest';

import { safeColour, textOn } from '../../src/editor/colours';

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
  ])('are one that the id determines otherwise: %s', colour => {
    expect(safeColour(colour, 'u')).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('are always the same for a user, and differ between most users', () => {
    expect(safeColour(null, 'ann')).toBe(safeColour(null, 'ann'));
    const users = Array.from({ length: 30 }, (_, number) => `user ${number}`);
    expect(new Set(users.map(user => safeColour(null, user))).size).toBeGreaterThan(7);
  });
});

describe('a name on a colour', () => {
  const light = (colour: string) => {
    const [red, green, blue] = [1, 3, 5].map(place => {
      const value = Number.parseInt(colour.slice(place, place + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };

  it('is read with a contrast of at least 4.5', () => {
    const steps = [0, 36, 73, 109, 146, 182, 219, 255];
    const hex = (value: number) => value.toString(16).padStart(2, '0');
    for (const red of steps) {
      for (const green of steps) {
        for (const blue of steps) {
          const colour = `#${hex(red)}${hex(green)}${hex(blue)}`;
          const lights = [light(colour), textOn(colour) === 'white' ? 1 : 0].sort((a, b) => b - a);
          expect((lights[0]! + 0.05) / (lights[1]! + 0.05), colour).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });

  it('is white where the colour is known to the theme only', () => {
    expect(textOn('var(--jp-collaborator-color1)')).toBe('white');
    expect([textOn('#fff'), textOn('#000')]).toEqual(['black', 'white']);
  });
});
