import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cudaRequirements } from '../../../src/pipeline/engines/tensorflow/install/fetch-libraries.js';
import { programHome } from '../../../src/pipeline/engines/tensorflow/installation.js';
import { engine, INSTALL_MS, installOnce } from './native.js';

/**
 * The install itself, with tools that take what they should fetch or build from an installation that is whole, so that it can be
 * stopped at each of its steps. Where the file `stop-at` names a tool, that one waits when half of its work is done, and goes on where
 * the install has been killed, as a tool would.
 */
let folder: string;
let home: string;
let env: NodeJS.ProcessEnv;
const installation = () => path.join(home, 'engines', 'tensorflow');
const left = () => (existsSync(path.join(home, 'engines')) ? readdirSync(path.join(home, 'engines')) : []);

beforeAll(async () => {
  const whole = await installOnce();
  // Beside it, since hard links don't leave a file system.
  folder = mkdtempSync(path.join(programHome(), 'install-test-'));
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const tool = (name: string, script: string) => {
    writeFileSync(path.join(bin, name), `#!/bin/bash\nset -e\nwhole='${whole}' stop='${folder}/stop-at'\n${script}`);
    chmodSync(path.join(bin, name), 0o755);
  };
  const pause = (name: string) =>
    `if [ "$(cat "$stop" 2>/dev/null)" = ${name} ]; then touch "$stop.reached"; while kill -0 $PPID 2>/dev/null; do sleep 0.1; done; fi\n`;
  // Asked who it is, then pip, which downloads, then the script that unpacks wheels.
  tool(
    'python3',
    `case "$*" in
      *sys.executable*) echo "$0"; echo 3; echo 12;;
      *'pip download'*) mkdir -p tmp wheels; echo '  Downloading tensorflow (2.0 MB)'; head -c 1000000 /dev/zero > wheels/some.whl
        ${pause('pip')} head -c 2000000 /dev/zero > wheels/some.whl;;
      *unpack-wheels*) mkdir -p site/tensorflow; cp -al "$whole"/site/tensorflow/libtensorflow_framework.so.2 site/tensorflow
        ${pause('unpack')} cp -al "$whole"/site/tensorflow/libtensorflow_cc.so.2 site/tensorflow;;
    esac\n`,
  );
  tool(
    'npm',
    `if [ "$1" = --version ]; then exit; fi
    mkdir -p node_modules/node-api-headers; ${pause('npm')} cp -al "$whole"/node_modules .; rm -r node_modules/@tensorflow/tfjs-node-gpu/lib\n`,
  );
  tool(
    'c++',
    `if [ "$1" = --version ]; then exit; fi
    ${pause('c++')} while [ "$1" != -o ]; do shift; done; cp "$whole"/node_modules/@tensorflow/tfjs-node-gpu/lib/*/*.node "$2"\n`,
  );
  // The npm that runs the tests would go before the one on the PATH.
  env = { PATH: `${bin}:${process.env.PATH}`, npm_execpath: '', CXX: '' };
}, INSTALL_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  home = mkdtempSync(path.join(folder, 'home-'));
  env.MASKAUDIT_HOME = home;
  rmSync(path.join(folder, 'stop-at'), { force: true });
});

async function install(...words: string[]) {
  return engine(['install', '--cpu', ...words], { env });
}

/** Starts an install, waits until a tool is in the midst of its work, and sends a signal. */
async function interrupted(tool: string, signal: NodeJS.Signals) {
  const stop = path.join(folder, 'stop-at');
  rmSync(`${stop}.reached`, { force: true });
  writeFileSync(stop, tool);
  const killing = new AbortController();
  let hasEnded = false;
  const ended = engine(['install', '--cpu'], { env, signal: killing.signal }).finally(() => {
    hasEnded = true;
  });
  while (!hasEnded && !existsSync(`${stop}.reached`)) await sleep(20);
  killing.abort(signal);
  const result = await ended;
  rmSync(stop);
  return result;
}

/** It is the only thing in its place, and it computes. */
async function expectWhole() {
  expect(left()).toEqual(['tensorflow']);
  const { code, stdout } = await install();
  expect([code, stdout]).toEqual([0, `TensorFlow 2.21.0 for the CPU is in ${installation()} already\n`]);
}

test('what is installed is whole, tried, and holds nothing that only the install needs', async () => {
  const { code, stdout, stderr } = await install();
  expect(stdout).toContain(`TensorFlow 2.21.0 for the CPU is in ${installation()}: `);
  expect(stdout).toContain('; tried on cpu\n');
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /fetching TensorFlow 2\.21\.0 \(cpu\).*\n.*building the binding\n.*computing something with it\n$/,
  );
  expect(readdirSync(installation()).sort()).toEqual(['installed.json', 'node_modules', 'package.json', 'site']);
  expect(existsSync(path.join(installation(), 'node_modules', 'node-api-headers'))).toBe(false);
  await expectWhole();
});

describe('an install that is stopped is never taken for a whole one, and the next one works', () => {
  test.each(['pip', 'npm', 'unpack', 'c++'])('killed in %s', async (tool) => {
    const { code } = await interrupted(tool, 'SIGKILL');
    expect(code).toBe('SIGKILL');
    expect(existsSync(installation())).toBe(false);
    expect(left().filter((name) => name.endsWith('.part'))).toHaveLength(1);
    expect((await install()).code).toBe(0);
    await expectWhole();
  });

  test.each(['pip', 'c++'])('Ctrl-C in %s leaves nothing', async (tool) => {
    const { code, stderr } = await interrupted(tool, 'SIGINT');
    expect([code, left()]).toEqual([130, []]);
    expect(stderr).toMatch(/stopping: what is there is removed\nmaskaudit: interrupted: nothing was installed\n$/);
  });
});

describe('what fails is said, and nothing is left', () => {
  test('a tool, with its last words; the others are ended', async () => {
    const bin = path.join(folder, 'failing');
    mkdirSync(bin, { recursive: true });
    writeFileSync(
      path.join(bin, 'npm'),
      '#!/bin/bash\n[ "$1" = --version ] || { echo "npm error 404 not in this registry" >&2; exit 7; }\n',
    );
    chmodSync(path.join(bin, 'npm'), 0o755);
    writeFileSync(path.join(folder, 'stop-at'), 'pip');
    const { code, stderr } = await engine(['install', '--cpu'], { env: { ...env, PATH: `${bin}:${env.PATH}` } });
    expect(stderr).toContain('npm failed (7):\nnpm error 404 not in this registry');
    expect([code, left()]).toEqual([3, []]);
  });

  test('all that is missing at once, and how to get it', async () => {
    const bin = path.join(folder, 'bare');
    mkdirSync(bin, { recursive: true });
    const { code, stderr } = await engine(['install'], { env: { ...env, PATH: bin } });
    expect(stderr).toMatch(
      /without Python 3 \(apt install python3 python3-pip, .*\); .*a C\+\+ compiler \(apt install g\+\+/,
    );
    expect([code, left()]).toEqual([3, []]);
  });

  test('another one at work in the same place', async () => {
    mkdirSync(path.join(home, 'engines'));
    writeFileSync(path.join(home, 'engines', 'tensorflow.lock'), String(process.pid));
    const { code, stderr } = await install();
    expect(stderr).toBe(
      `maskaudit: another install (process ${process.pid}) is at work in ${home}/engines: wait for it\n`,
    );
    expect(code).toBe(2);
  });

  test('an engine or a choice that there is not', async () => {
    expect((await engine(['install', 'onnx'], { env })).stderr).toBe(
      'maskaudit: no engine "onnx" to install or remove; there is tensorflow (the others come with maskaudit)\n',
    );
    expect((await engine(['install', '--gpu', '--cpu'], { env })).code).toBe(2);
  });
});

test('in another folder: the program finds it there, and remove takes it away with what leads to it', async () => {
  const elsewhere = path.join(home, 'elsewhere');
  expect((await install('--dir', elsewhere)).code).toBe(0);
  expect(lstatSync(installation()).isSymbolicLink()).toBe(true);
  const { stdout } = await engine(['install'], { env });
  expect(stdout).toBe(`TensorFlow 2.21.0 for the CPU is in ${elsewhere}/engines/tensorflow already\n`);
  const removed = await engine(['remove'], { env });
  expect(removed.stdout).toBe(`${elsewhere}/engines/tensorflow is removed\n`);
  expect([left(), readdirSync(path.join(elsewhere, 'engines'))]).toEqual([[], []]);
  expect((await engine(['remove'], { env })).stdout).toBe(`there is nothing in ${installation()}\n`);
});

test("CUDA's libraries are those that the wheel's extra names", () => {
  const info = path.join(home, 'tensorflow-2.21.0.dist-info');
  mkdirSync(info);
  const lines = [
    'Requires-Dist: numpy>=1.26',
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    "Requires-Dist: nvidia-nccl-cu12 (<3.0,>=2.27.7) ; extra == 'and-cuda'",
    'Requires-Dist: other>=1; extra == "docs"',
  ];
  writeFileSync(path.join(info, 'METADATA'), lines.join('\n'));
  expect(cudaRequirements(home)).toEqual(['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-nccl-cu12<3.0,>=2.27.7']);
});
