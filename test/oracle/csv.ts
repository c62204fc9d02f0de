export type Row = Record<string, string>;

export interface ParsedCsv {
  header: string[];
  rows: Row[];
  newline: '\r\n' | '\n';
}

/**
 * RFC 4180, strictly: quotes only around whole fields, doubled inside, every record as long as the header, the last
 * record ended too. CRLF or LF, but one of them throughout. Throws with the record's number.
 */
export function parseCsv(text: string): ParsedCsv {
  const records: string[][] = [];
  let newline: string | null = null;
  let at = 0;
  while (at < text.length) {
    const record: string[] = [];
    for (;;) {
      let field = '';
      if (text[at] === '"') {
        for (at++; ; at++) {
          if (at >= text.length) throw new Error(`record ${records.length}: open quote`);
          if (text[at] !== '"') field += text[at];
          else if (text[at + 1] === '"') field += text[at++];
          else break;
        }
        at++;
      } else {
        while (at < text.length && !',\r\n'.includes(text[at])) {
          if (text[at] === '"') throw new Error(`record ${records.length}: quote inside a bare field`);
          field += text[at++];
        }
      }
      record.push(field);
      if (text[at] === ',') {
        at++;
        continue;
      }
      const end = text.startsWith('\r\n', at) ? '\r\n' : text[at] === '\n' ? '\n' : null;
      if (end === null) throw new Error(`record ${records.length}: no end of record at ${at}`);
      if (newline !== null && newline !== end) throw new Error(`record ${records.length}: another line ending`);
      newline = end;
      at += end.length;
      break;
    }
    records.push(record);
  }
  const [header, ...body] = records;
  if (header === undefined) throw new Error('no header');
  if (new Set(header).size !== header.length) throw new Error('a column twice');
  const rows = body.map((record, i) => {
    if (record.length !== header.length)
      throw new Error(`record ${i + 1}: ${record.length} of ${header.length} fields`);
    return Object.fromEntries(header.map((name, k) => [name, record[k]]));
  });
  return { header, rows, newline: newline as '\r\n' | '\n' };
}

/** A spreadsheet takes a cell that begins so for a formula. */
export const FORMULA = /^[=+\-@\t\r]/;

/** What a cell says once the escape before a formula (an apostrophe) is taken off again. */
export function plainCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}
