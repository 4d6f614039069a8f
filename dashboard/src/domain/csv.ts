/** A table as CSV that spreadsheets open as it is: UTF-8 with its mark, CRLF. What could be taken for a formula is text. */
export function toCsv(rows: string[][]): Blob {
  const cell = (text: string) => {
    const safe = /^[=+@\t]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return new Blob([`\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`], { type: 'text/csv;charset=utf-8' });
}
