/* Moving about in a grid of inputs as in a spreadsheet. Cells carry data-row and data-column. */

type Cell = HTMLInputElement | HTMLSelectElement;

export function cellAt(grid: HTMLElement, row: number, column: number): Cell | null {
  return grid.querySelector<Cell>(`[data-row="${row}"][data-column="${column}"]`);
}

function place(cell: Element): [number, number] | null {
  const { row, column } = (cell as HTMLElement).dataset;
  return row === undefined || column === undefined ? null : [Number(row), Number(column)];
}

/** Up, down and Enter between rows; left and right between columns once the caret is at the edge of the text. */
export function navigate(grid: HTMLElement, event: KeyboardEvent): void {
  const cell = event.target as Cell;
  const at = place(cell);
  if (!at || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const [row, column] = at;
  const text = cell instanceof HTMLInputElement ? cell : null;
  const select = cell instanceof HTMLSelectElement;
  const atStart = !text || (text.selectionStart === 0 && text.selectionEnd === 0);
  const atEnd = !text || (text.selectionStart === text.value.length && text.selectionEnd === text.value.length);
  const moves: Record<string, [number, number] | false> = {
    // In a picker the arrows choose, so only Enter leaves it.
    ArrowUp: !select && [row - 1, column],
    ArrowDown: !select && [row + 1, column],
    Enter: event.shiftKey ? [row - 1, column] : [row + 1, column],
    ArrowLeft: atStart && [row, column - 1],
    ArrowRight: atEnd && [row, column + 1],
  };
  const next = moves[event.key];
  if (!next) return;
  const found = cellAt(grid, ...next);
  if (!found) return;
  event.preventDefault();
  found.focus();
  if (found instanceof HTMLInputElement) found.select();
}

/**
 * What the clipboard holds when it is more than one cell: rows of columns, as spreadsheets put them there. A cell with a line break
 * or a quotation mark comes in quotation marks.
 */
export function pasted(text: string): string[][] | null {
  if (!/[\t\n]/.test(text.trimEnd())) return null;
  const rows: string[][] = [[]];
  const cell = /"((?:[^"]|"")*)"(?=\t|\r?\n|$)|([^\t\r\n]*)/y;
  let at = 0;
  while (at <= text.length) {
    cell.lastIndex = at;
    const [whole = '', quoted, plain = ''] = cell.exec(text) ?? [];
    rows.at(-1)?.push((quoted?.replaceAll('""', '"') ?? plain).replace(/\s*\r?\n\s*/g, ' ').trim());
    at += whole.length;
    if (at >= text.length) break;
    if (text[at] === '\t') at += 1;
    else {
      at += text.startsWith('\r\n', at) ? 2 : 1;
      if (at >= text.length) break;
      rows.push([]);
    }
  }
  return rows;
}
