// @vitest-environment node
/** Steps: one version's change of a text, and back. */
import { describe, expect, it } from 'vitest';

import { backward, forward, inverseOf, operationOf } from '../../src/history/slider/step';
import { apply, invert, normalise, Text } from '../../src/text';
import { Recording } from './recording';

describe('a step', () => {
  it('leads to the next text, and back to the one before', () => {
    const { steps, texts } = new Recording(800, 7);
    steps.forEach((step, index) => {
      const [before, after] = [texts[index]!, texts[index + 1]!];
      expect(forward(before, step).toString()).toBe(after.toString());
      expect(backward(after, step).toString()).toBe(before.toString());
    });
  });

  it('is the same as an operation, and taken back it is the inverse of that', () => {
    const { steps, texts } = new Recording(800, 8);
    steps.forEach((step, index) => {
      const [before, after] = [texts[index]!.toString(), texts[index + 1]!.toString()];
      const operation = operationOf(step);
      expect(apply(operation, before)).toBe(after);
      expect(normalise(inverseOf(step)).equals(invert(operation, before))).toBe(true);
    });
  });

  it('may put several edits into one text', () => {
    const step = {
      userId: 'user-Ada',
      time: 0,
      edits: [
        [6, 'g', ''],
        [3, 'd', '12'],
        [0, '', '😀']
      ] as const
    };
    const after = forward(Text.of('abcdefg'), step);
    expect(after.toString()).toBe('😀abc12ef');
    expect(backward(after, step).toString()).toBe('abcdefg');
  });
});
