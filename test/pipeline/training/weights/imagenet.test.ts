import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WorkError } from '../../../../src/pipeline/errors.js';
import { imagenetFile, RESNET50_IMAGENET } from '../../../../src/pipeline/training/weights/imagenet.js';

// A server of the test's own in place of the published one.
const CONTENT = Buffer.alloc(300_000, 'weights ');
const md5 = createHash('md5').update(CONTENT).digest('hex');

let home: string;
let server: Server;
let base: string;
let asked: number;
let answer: 'whole' | 'missing' | 'other' | 'breaks';
beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'maskaudit-home-'));
  vi.stubEnv('MASKAUDIT_HOME', home);
  asked = 0;
  answer = 'whole';
  server = createServer((_, response) => {
    asked++;
    if (answer === 'missing') return response.writeHead(404).end();
    if (answer === 'other') return response.end('a page that says: log in');
    response.writeHead(200, { 'content-length': CONTENT.length });
    if (answer === 'whole') return response.end(CONTENT);
    response.write(CONTENT.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

const signal = new AbortController().signal;
const fetchIt = (onBytes = (_done: number, _total: number | null) => {}, sum = md5) =>
  imagenetFile({ signal, onBytes }, { url: `${base}/resnet/weights_notop.h5`, md5: sum });
const weights = () => readdirSync(path.join(home, 'weights'));

test('is fetched once, and says how far it is', async () => {
  const seen: (number | null)[] = [];
  const file = await fetchIt((done, total) => seen.push(done, total));
  expect(file).toBe(path.join(home, 'weights', 'weights_notop.h5'));
  expect(readFileSync(file).equals(CONTENT)).toBe(true);
  expect(seen.slice(-2)).toEqual([CONTENT.length, CONTENT.length]);
  expect(await fetchIt()).toBe(file);
  expect(asked).toBe(1);
  expect(weights()).toEqual(['weights_notop.h5']);
});

test.each([
  ['missing', /answers 404 Not Found\. Fetch it by other means and name it: --encoder-weights FILE/],
  ['other', /is not the file that Keras publishes: 24 bytes, MD5 [0-9a-f]{32} in place of .*--encoder-weights FILE/],
  ['breaks', /can't be fetched: .*--encoder-weights FILE/],
] as const)('an answer that is %s leaves no file and says what to do', async (kind, message) => {
  answer = kind;
  const fetching = fetchIt();
  await expect(fetching).rejects.toThrow(message);
  await expect(fetching).rejects.toBeInstanceOf(WorkError);
  expect(weights()).toEqual([]);
  answer = 'whole';
  expect(existsSync(await fetchIt())).toBe(true);
});

test('a server that is not there', async () => {
  const fetching = imagenetFile({ signal, onBytes: () => {} }, { url: 'http://127.0.0.1:1/weights_notop.h5', md5 });
  await expect(fetching).rejects.toThrow(
    /127\.0\.0\.1:1\/weights_notop\.h5 can't be fetched: .*--encoder-weights FILE/,
  );
  expect(weights()).toEqual([]);
});

test('Ctrl-C ends the download and leaves nothing', async () => {
  answer = 'breaks';
  const controller = new AbortController();
  const onBytes = () => controller.abort();
  const fetching = imagenetFile({ signal: controller.signal, onBytes }, { url: `${base}/weights_notop.h5`, md5 });
  await expect(fetching).rejects.toThrow(/abort/i);
  expect(weights()).toEqual([]);
});

test('what is published is the file that Keras names', () => {
  expect(RESNET50_IMAGENET.url).toMatch(/^https:.*\/resnet50_weights_tf_dim_ordering_tf_kernels_notop\.h5$/);
  expect(RESNET50_IMAGENET.md5).toMatch(/^[0-9a-f]{32}$/);
});
