import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  type Box,
  FLAG_HEIGHT,
  FlagPlaces,
  type Surroundings
} from '../../src/editor/flagPlacement';

const ROW = 18;
const BOUNDS: Box = { left: 0, right: 640, top: 0, bottom: 400 };

/** Rows of text that end at `end`. */
function rowsTo(end: number, bounds: Box = BOUNDS): Surroundings {
  return { bounds, rowEnd: () => end };
}

function caretAt(left: number, row: number): Box {
  return { left, right: left + 2, top: row * ROW, bottom: (row + 1) * ROW };
}

function boxOf(caret: Box, place: { x: number; y: number }, width: number): Box {
  const [left, top] = [caret.left + place.x, caret.top + place.y];
  return { left, right: left + width, top, bottom: top + FLAG_HEIGHT };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe('a flag', () => {
  it('stands beside the text where there is room', () => {
    const place = new FlagPlaces(rowsTo(300)).place(caretAt(280, 5), 80);
    expect(place?.isOverText).toBe(false);
    expect(280 + (place?.x ?? 0)).toBeGreaterThan(300);
  });

  it('finds a place in dense prose, in another row than its caret’s', () => {
    const place = new FlagPlaces(rowsTo(BOUNDS.right)).place(caretAt(280, 5), 80);
    expect(place?.isOverText).toBe(true);
    expect(overlap(boxOf(caretAt(280, 5), place!, 80), caretAt(280, 5))).toBe(false);
  });

  it('finds a place in the first row, and at the right edge', () => {
    const places = new FlagPlaces(rowsTo(BOUNDS.right));
    const caret = caretAt(638, 0);
    const box = boxOf(caret, places.place(caret, 120)!, 120);
    expect(box.top).toBeGreaterThanOrEqual(ROW);
    expect(box.right).toBeLessThanOrEqual(BOUNDS.right);
  });

  it('does not cover that of a caret side by side with its own, nor what is reserved', () => {
    for (const end of [100, BOUNDS.right]) {
      const places = new FlagPlaces(rowsTo(end));
      const own = caretAt(120, 6);
      places.reserve(own);
      const carets = [caretAt(100, 5), caretAt(101, 5)];
      const boxes = carets.map(caret => boxOf(caret, places.place(caret, 90)!, 90));
      expect(overlap(boxes[0], boxes[1])).toBe(false);
      expect(boxes.some(box => overlap(box, own))).toBe(false);
    }
  });

  it('has a place among ten others, wherever they are', () => {
    const caret = fc.record({
      left: fc.integer({ min: 0, max: 638 }),
      row: fc.integer({ min: 0, max: 20 }),
      width: fc.integer({ min: 20, max: 176 })
    });
    const ends = fc.constantFrom(-Infinity, 100, 500, BOUNDS.right);
    fc.assert(
      fc.property(fc.array(caret, { maxLength: 10 }), ends, (carets, end) => {
        const places = new FlagPlaces(rowsTo(end));
        const boxes = carets.map(({ left, row, width }) => {
          const place = places.place(caretAt(left, row), width);
          expect(place).not.toBeNull();
          return boxOf(caretAt(left, row), place!, width);
        });
        boxes.forEach((box, index) => {
          expect(boxes.slice(0, index).some(other => overlap(box, other))).toBe(false);
          expect(box.left).toBeGreaterThanOrEqual(BOUNDS.left);
          expect(box.right).toBeLessThanOrEqual(BOUNDS.right);
          expect(box.top).toBeGreaterThanOrEqual(BOUNDS.top);
          expect(box.bottom).toBeLessThanOrEqual(BOUNDS.bottom);
        });
      })
    );
  });
});
