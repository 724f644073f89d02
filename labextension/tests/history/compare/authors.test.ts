// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Authors, type Writer } from '../../../src/history/compare/authors';
import { codePointLength, Operation } from '../../../src/text';
import { textAndOperations } from '../../kit/arbitraries';

const NAMES = ['ada', 'grace', 'alan'];

function writer(index: number, time: number): Writer {
  const userId = NAMES[index]!;
  return { userId, userName: userId, colour: null, time };
}

const told = (length: number) => ({
  version: 1,
  runs: length ? [[length, 1, 0, 100] as const] : [],
  people: [{ userId: 'ada', userName: 'ada', color: '#336699' }]
});

describe('who wrote a text that goes on changing', () => {
  it('is who inserted each letter', () => {
    const pauses = fc.array(fc.tuple(fc.nat(2), fc.nat(200_000)), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(textAndOperations(5), pauses, ([content, operations], edits) => {
        let letters = Array.from(content, () => 'ada');
        const authors = Authors.of(told(codePointLength(content)));
        let time = 100_000;
        for (const [index, operation] of operations.entries()) {
          const [person, pause] = edits[index]!;
          time += pause;
          authors.apply(operation, writer(person, time));
          letters = applied(letters, operation, NAMES[person]!);
        }
        expect(authors.length).toBe(letters.length);
        const found = authors
          .within(0, letters.length)
          .flatMap(({ from, to, writer: { userId } }) => Array<string>(to - from).fill(userId));
        expect(found).toEqual(letters);
      })
    );
  });

  it('is one piece where somebody wrote within a minute, with the time of the beginning', () => {
    const { people } = told(0);
    const runs = [
      [3, 9, 0, 101],
      [1, 8, 0, 100],
      [20, 12, 0, 159],
      [5, 20, 0, 160]
    ] as const;
    const authors = Authors.of({ version: 20, runs, people });
    expect(authors.within(0, 29).map(({ from, to, writer: { time } }) => [from, to, time])).toEqual(
      [
        [0, 24, 100_000],
        [24, 29, 160_000]
      ]
    );
  });

  it('keeps the name and colour of somebody who writes again', () => {
    const authors = Authors.of(told(3));
    authors.apply(Operation.of(3, 'new'), writer(0, 900_000));
    expect(authors.within(3, 6)[0]!.writer).toEqual({
      userId: 'ada',
      userName: 'ada',
      colour: '#336699',
      time: 900_000
    });
  });
});

function applied(letters: string[], { components }: Operation, name: string): string[] {
  const result: string[] = [];
  let at = 0;
  for (const component of components) {
    if (typeof component === 'string') {
      result.push(...Array.from(component, () => name));
    } else {
      result.push(...(component > 0 ? letters.slice(at, at + component) : []));
      at += Math.abs(component);
    }
  }
  return [...result, ...letters.slice(at)];
}
