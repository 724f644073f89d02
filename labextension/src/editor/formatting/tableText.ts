/** A Markdown table as rows of cells, without the line of dashes. */
export interface Table {
  readonly rows: readonly (readonly string[])[];
  /** One for each column. */
  readonly alignments: readonly Alignment[];
}

export type Alignment = 'none' | 'left' | 'center' | 'right';

/** The cells of a line of a table, stripped. A pipe after a backslash is text. */
export function cellsOf(line: string): readonly string[] {
  return cellSpans(line).map(({ from, to }) => line.slice(from, to));
}

/** Where the text of each cell of a line begins and ends; an empty cell is a place between two spaces. */
export function cellSpans(line: string): readonly { readonly from: number; readonly to: number }[] {
  const bars: number[] = [];
  for (let index = 0; index < line.length; index++) {
    if (line[index] === '\\') {
      index++;
    } else if (line[index] === '|') {
      bars.push(index);
    }
  }
  const [start, end] = [line.length - line.trimStart().length, line.trimEnd().length];
  const edges = [
    ...(bars[0] === start ? [] : [start - 1]),
    ...bars,
    ...(bars.length > 0 && bars[bars.length - 1] === end - 1 ? [] : [end])
  ];
  return edges.slice(1).map((edge, index) => {
    const [from, to] = [edges[index] + 1, edge];
    const text = line.slice(from, to);
    const before = text.length - text.trimStart().length;
    return text.trim()
      ? { from: from + before, to: from + before + text.trim().length }
      : { from: Math.min(from + 1, to), to: Math.min(from + 1, to) };
  });
}

/** Whether a line is the one of dashes below the head of a table. */
export function isDelimiter(line: string): boolean {
  return line.includes('-') && cellsOf(line).every(cell => /^:?-+:?$/.test(cell));
}

/** The table of these lines; the second one has the dashes. */
export function readTable(lines: readonly string[]): Table {
  const [head, delimiter, ...body] = lines;
  const width = Math.max(...[head, ...body].map(line => cellsOf(line).length));
  const marks = cellsOf(delimiter);
  return {
    rows: [head, ...body].map(line => filled(cellsOf(line), width)),
    alignments: Array.from({ length: width }, (_, column) => alignmentOf(marks[column] ?? '-'))
  };
}

/** The lines of a table with straight columns. */
export function tableLines({ rows, alignments }: Table): readonly string[] {
  const widths = alignments.map((_, column) =>
    Math.max(3, ...rows.map(row => widthOf(row[column] ?? '')))
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => padded(cell, widths[column], alignments[column])).join(' | ')} |`;
  const dashes = `| ${alignments.map((each, column) => dashesOf(each, widths[column])).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head), dashes, ...body.map(line)];
}

/** Cells that were separated by tabs as a table; its first row is the head. */
export function tableOfCells(text: string): Table {
  const rows = text
    .replace(/\n+$/, '')
    .split('\n')
    .map(line => line.split('\t').map(cell => cell.trim().replace(/\|/g, '\\|')));
  const width = Math.max(...rows.map(row => row.length));
  return {
    rows: rows.map(row => filled(row, width)),
    alignments: Array.from({ length: width }, (_, column) => numeric(rows.slice(1), column))
  };
}

function numeric(rows: readonly (readonly string[])[], column: number): Alignment {
  const cells = rows.map(row => row[column] ?? '').filter(Boolean);
  return cells.length > 0 && cells.every(cell => /^[-+−]?[\d.,\s]*\d\s*%?$/.test(cell))
    ? 'right'
    : 'none';
}

function alignmentOf(mark: string): Alignment {
  const [left, right] = [mark.startsWith(':'), mark.endsWith(':') && mark.length > 1];
  return left ? (right ? 'center' : 'left') : right ? 'right' : 'none';
}

function dashesOf(alignment: Alignment, width: number): string {
  const left = alignment === 'left' || alignment === 'center' ? ':' : '-';
  const right = alignment === 'right' || alignment === 'center' ? ':' : '-';
  return `${left}${'-'.repeat(width - 2)}${right}`;
}

function padded(cell: string, width: number, alignment: Alignment): string {
  const space = width - widthOf(cell);
  if (alignment === 'right') {
    return ' '.repeat(space) + cell;
  }
  const before = alignment === 'center' ? Math.floor(space / 2) : 0;
  return ' '.repeat(before) + cell + ' '.repeat(space - before);
}

function filled(cells: readonly string[], width: number): readonly string[] {
  return [...cells, ...Array<string>(width - cells.length).fill('')];
}

/** Characters that are two columns wide in a monospaced font. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu;

/** The columns that a text takes in a monospaced font. */
function widthOf(text: string): number {
  return [...text].length + (text.match(WIDE)?.length ?? 0);
}
