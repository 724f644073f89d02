/**
 * jsdom has no layout, and lacks what CodeMirror asks of ranges to measure it: every box here is empty.
 */
const nothing = { length: 0, item: () => null, [Symbol.iterator]: () => [][Symbol.iterator]() };

Range.prototype.getClientRects = () => nothing as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
