/** Rows of tables as GitHub reads them. */

const DELIMITERS = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** The cells of a line, without white space around them. `\|` in a cell is a `|`. */
export function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let done = 0;
  const row = line.replace(/^[ \t]+|[ \t]+$/g, '');
  for (let at = row.indexOf('|'); at >= 0; at = row.indexOf('|', at + 1)) {
    if (row[at - 1] === '\\') {
      cell += row.slice(done, at - 1);
      done = at;
    } else {
      cells.push(cell + row.slice(done, at));
      cell = '';
      done = at + 1;
    }
  }
  cells.push(cell + row.slice(done));
  if (cells[0] === '') {
    cells.shift();
  }
  if (cells.at(-1) === '') {
    cells.pop();
  }
  return cells.map(each => each.replace(/^[ \t]+|[ \t]+$/g, ''));
}

/**
 * The number of columns that a line like `|---|:-:|` gives a table; 0 if it is none. A line of nothing but `---` makes
 * the line above it a heading, not a table.
 */
export function columnsOf(line: string): number {
  return /[|:]/.test(line) && DELIMITERS.test(line) ? cellsOf(line).length : 0;
}
