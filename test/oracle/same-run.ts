import { expect } from 'vitest';
import { filesUnder } from './cli.js';

/** The files of a run, without what tells when and how it was called: run.json, and the lines of the page that quote it. */
function results(run: string) {
  const files = filesUnder(run);
  files.delete('run.json');
  const page = files.get('report.html')!.toString();
  const called = /<tr><th scope="row">(Started|Command)<.*?<\/tr>|\d{4}-\d\d-\d\d/gs;
  expect(page.match(called)).toHaveLength(3);
  files.set('report.html', Buffer.from(page.replace(called, '')));
  return files;
}

/** Both runs came to the same, byte by byte. */
export function expectSame(run: string, other: string) {
  const [a, b] = [results(run), results(other)];
  expect([...a.keys()]).toEqual([...b.keys()]);
  for (const [name, bytes] of a) expect(bytes.equals(b.get(name)!), name).toBe(true);
}
