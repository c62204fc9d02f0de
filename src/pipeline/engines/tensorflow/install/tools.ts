import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { WorkError } from '../../../errors.js';

/** The words that a command line begins with, e.g. `node`, `.../npm-cli.js`. */
type Program = readonly string[];

/** What an install is made with. */
export interface Tools {
  python: Program;
  npm: Program;
  compiler: Program;
}

/** Python versions that the wheel of this TensorFlow is made for; only Keras runs in one. */
const KERAS_PYTHONS = { oldest: 10, newest: 13 };

/**
 * Finds Python with pip, npm and a C++ compiler. Make and gyp are not needed: the binding is two files; nor are Node's own headers,
 * which npm brings.
 * @throws WorkError that names everything that is missing, and how to get it
 */
export function findTools(withKeras: boolean): Tools {
  const python = findPython();
  const npm = npmPrograms().find((words) => runs([...words, '--version']));
  const asked = process.env.CXX ? [process.env.CXX.split(' ')] : [];
  const compiler = [...asked, ['c++'], ['g++'], ['clang++']].find((words) => runs([...words, '--version']));
  const missing: string[] = [];
  if (!python) missing.push(`Python 3 (${get('python3 python3-pip', 'python3 python3-pip')})`);
  else if (!runs([python.program, '-m', 'pip', '--version']))
    missing.push(`pip (${get('python3-pip', 'python3-pip')})`);
  else if (withKeras) missing.push(...kerasTrouble(python.minor));
  if (!npm) missing.push('npm (it comes with Node)');
  if (!compiler) missing.push(`a C++ compiler (${get('g++', 'gcc-c++')}, or set CXX)`);
  if (missing.length > 0 || !python || !npm || !compiler) {
    throw new WorkError(`TensorFlow can't be installed here without ${missing.join('; ')}`);
  }
  return { python: [python.program], npm, compiler };
}

const get = (debian: string, fedora: string) => `apt install ${debian}, dnf install ${fedora}, or the like`;

function runs([command, ...args]: Program): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** A Python 3 by its whole path: Keras needs the very one that it was installed with. */
function findPython(): { program: string; minor: number } | null {
  const ask = 'import sys, zipfile; print(sys.executable, *sys.version_info[:2], sep="\\n")';
  for (const name of ['python3', 'python']) {
    const { status, stdout } = spawnSync(name, ['-c', ask], { encoding: 'utf8' });
    const [program, major, minor] = (stdout ?? '').split('\n');
    if (status === 0 && major === '3') return { program: program || name, minor: Number(minor) };
  }
  return null;
}

/** npm as it runs this program, the one on the PATH, and the one beside Node. */
function npmPrograms(): Program[] {
  const running = process.env.npm_execpath ?? '';
  const beside = path.join(path.dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const script = (file: string) => (/npm-cli\.js$/.test(file) && existsSync(file) ? [[process.execPath, file]] : []);
  return [...script(running), ['npm'], ...script(beside)];
}

function kerasTrouble(minor: number): string[] {
  const { oldest, newest } = KERAS_PYTHONS;
  if (minor >= oldest && minor <= newest) return [];
  return [`a Python from 3.${oldest} to 3.${newest} for Keras (python3 is 3.${minor}; or leave --with-keras away)`];
}
