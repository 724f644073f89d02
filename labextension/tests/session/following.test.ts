// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { composed, followedBy, type Following, NOTHING } from '../../src/session/following';
import { Text } from '../../src/text';
import { operationOn } from '../kit/arbitraries';

describe('operations that follow each other', () => {
  it('are composed to what they do one after the other, in few parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.gen(), (count, gen) => {
        const before = Text.of('some text 🎈');
        let text = before;
        let following: Following = NOTHING;
        for (let number = 1; number <= count; number++) {
          const operation = gen(() => operationOn(text.length));
          text = text.apply(operation);
          following = followedBy(following, operation);
          expect(following.length).toBeLessThanOrEqual(Math.floor(Math.log2(number)) + 1);
        }
        expect(String(before.apply(composed(following)))).toBe(String(text));
      })
    );
  });
});
