// What no program in Node can go below: `node read-loop.mjs DATASET THREADS` opens, reads and closes every mask of a set in
// worker threads, and does nothing with it.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

if (isMainThread) {
  const [dataset, threads] = process.argv.slice(2);
  const masks = readdirSync(dataset, { recursive: true })
    .filter((name) => / masks[/\\][^/\\]+\.png$/.test(name))
    .map((name) => path.join(dataset, name));
  const share = Math.ceil(masks.length / Number(threads));
  for (let from = 0; from < masks.length; from += share) {
    new Worker(new URL(import.meta.url), { workerData: masks.slice(from, from + share) });
  }
} else {
  const bytes = new Uint8Array(2 ** 20);
  for (const mask of workerData) {
    const fd = openSync(mask, 'r');
    readSync(fd, bytes, 0, bytes.length, null);
    closeSync(fd);
  }
}
