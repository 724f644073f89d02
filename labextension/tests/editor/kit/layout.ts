/**
 * jsdom has no layout and lacks the methods of ranges with which CodeMirror measures it; here every box is empty.
 */
const nothing = { length: 0, item: () => null, [Symbol.iterator]: () => [][Symbol.iterator]() };

Range.prototype.getClientRects = () => nothing as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
