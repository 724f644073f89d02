import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { alignTable, insertTable, tableKeys } from '../../../src/editor/formatting';
import {
  cellsOf,
  readTable,
  tableLines,
  tableOfCells
} from '../../../src/editor/formatting/tableText';
import { editorOf, markedText } from './kit';

const TABLE = ['| a | b |', '|---|--:|', '| long cell | 1 |', '| x | 22 |'];

function press(view: ReturnType<typeof editorOf>, shiftKey = false): void {
  const event = new KeyboardEvent('keydown', {
    key: 'Tab',
    keyCode: 9,
    shiftKey,
    cancelable: true
  });
  view.contentDOM.dispatchEvent(event);
}

describe('a table', () => {
  it('is made straight, and stays the same table', () => {
    const text = TABLE.join('\n').replace('long', 'lo¦ng');
    const view = editorOf(text);
    expect(alignTable(view)).toBe(true);
    expect(markedText(view).replace('¦', '').split('\n')).toEqual([
      '| a         |   b |',
      '| --------- | --: |',
      '| long cell |   1 |',
      '| x         |  22 |'
    ]);
    expect(markedText(view)).toContain('long cell¦');
    const before = view.state.doc;
    alignTable(view);
    expect(view.state.doc.eq(before)).toBe(true);
  });

  it('of any cells reads as it was written', () => {
    const cell = fc.constantFrom('', 'a', 'b c', '中文', '\\|', '`x`', '🎉', '-');
    const rows = fc.integer({ min: 1, max: 4 }).chain(width =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
        minLength: 1,
        maxLength: 5
      })
    );
    const alignment = fc.constantFrom('none', 'left', 'center', 'right' as const);
    fc.assert(
      fc.property(rows, fc.array(alignment, { minLength: 4, maxLength: 4 }), (written, all) => {
        const alignments = all.slice(0, written[0].length);
        const table = { rows: written, alignments };
        expect(readTable(tableLines(table))).toEqual(table);
      })
    );
  });

  it.each([
    ['| a | b |', ['a', 'b']],
    ['a | b', ['a', 'b']],
    ['| a \\| b | |', ['a \\| b', '']],
    ['  |a|b|  ', ['a', 'b']]
  ])('has the cells of %j', (line, cells) => {
    expect(cellsOf(line)).toEqual(cells);
  });

  it('leads Tab from cell to cell, and to a new row', () => {
    const view = editorOf(`text\n\n${TABLE.join('\n')}\n`.replace('| a', '| a¦'), tableKeys);
    press(view);
    expect(markedText(view)).toContain('| a | ⟦b⟧ |');
    press(view);
    expect(markedText(view)).toContain('| ⟦long cell⟧ | 1 |');
    press(view, true);
    expect(markedText(view)).toContain('| a | ⟦b⟧ |');
    for (let count = 0; count < 5; count++) {
      press(view);
    }
    expect(markedText(view)).toContain('| x | 22 |\n| ¦ |  |\n');
  });

  it('leaves Tab alone elsewhere', () => {
    const view = editorOf('a | b¦\nno dashes | below', tableKeys);
    press(view);
    expect(markedText(view)).toBe('a | b¦\nno dashes | below');
    expect(alignTable(view)).toBe(false);
  });

  it('is inserted as a block of its own', () => {
    const view = editorOf('before¦ after\nnext');
    insertTable(view, ['Column 1', 'Column 2']);
    expect(markedText(view)).toBe(
      [
        'before',
        '',
        '| ⟦Column 1⟧ | Column 2 |',
        '| -------- | -------- |',
        '|          |          |',
        '|          |          |',
        '',
        ' after',
        'next'
      ].join('\n')
    );
  });

  it('of cells that were copied has its first row as head, and numbers on the right', () => {
    expect(tableLines(tableOfCells('Model\tAUC\nforest\t0.87\nlinear | old\t12\n'))).toEqual([
      '| Model         |  AUC |',
      '| ------------- | ---: |',
      '| forest        | 0.87 |',
      '| linear \\| old |   12 |'
    ]);
  });
});
