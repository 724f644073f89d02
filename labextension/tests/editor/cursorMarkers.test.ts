import type { RectangleMarker } from '@codemirror/view';
import { describe, expect, it } from 'vitest';

import { CaretMarker } from '../../src/editor/cursorMarkers';

const box = { left: 10, top: 20, height: 18, eq: () => true } as unknown as RectangleMarker;

describe('a caret', () => {
  it('shows its user’s name as text, also if it looks like HTML', () => {
    const name = '<img src=x onerror="alert(1)">';
    const place = { x: 0, y: -14 };
    const element = new CaretMarker('s1', box, '#123456', { name, place }).draw();
    expect(element.textContent).toBe(name);
    expect(element.querySelector('img')).toBeNull();
    expect(element.getAttribute('aria-hidden')).toBe('true');
    expect(element.style.left).toBe('10px');
  });

  it('is moved and not redrawn, except for another session', () => {
    const caret = new CaretMarker('s1', box, '#123456', null);
    const element = caret.draw();
    expect(element.childElementCount).toBe(0);
    const named = new CaretMarker('s1', box, '#123456', { name: 'Ann', place: { x: 1, y: 2 } });
    expect(named.eq(caret)).toBe(false);
    expect(named.update(element, caret)).toBe(true);
    expect(element.textContent).toBe('Ann');
    expect(new CaretMarker('s2', box, '#123456', null).update(element, named)).toBe(false);
  });
});
