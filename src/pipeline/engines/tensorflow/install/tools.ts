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
  const python = ['python3', 'python'].map((name) => [name]).find((words) => runs([...words, '-c', 'import zipfile']));
  const npm = npmPrograms().find((words) => runs([...words, '--version']));
  const compiler = [process.env.CXX?.split(' ') ?? [], ['c++'], ['g++'], ['clang++']].find(
    (words) => words.length > 0 && runs([...words, '--version']),
  );
  const missing: string[] = [];
  if (!python) missing.push(`Python 3 (${get('python3 python3-pip', 'python3 python3-pip')})`);
  else if (!runs([...python, '-m', 'pip', '--version'])) missing.push(`pip (${get('python3-pip', 'python3-pip')})`);
  else if (withKeras) missing.push(...kerasTrouble(python));
  if (!npm) missing.push('npm (it comes with Node)');
  if (!compiler) missing.push(`a C++ compiler (${get('g++', 'gcc-c++')}, or set CXX)`);
  if (missing.length > 0 || !python || !npm || !compiler) {
    throw new WorkError(`TensorFlow can't be installed here without ${missing.join('; ')}`);
  }
  return { python, npm, compiler };
}

const get = (debian: string, fedora: string) => `apt install ${debian}, dnf install ${fedora}, or the like`;

function runs([command, ...args]: Program): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** npm as it runs this program, the one beside Node, and the one on the PATH. */
function npmPrograms(): Program[] {
  const beside = path.join(path.dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const scripts = [process.env.npm_execpath ?? '', beside].filter(
    (file) => /npm-cli\.js$/.test(file) && existsSync(file),
  );
  return [...scripts.map((file) => [process.execPath, file]), ['npm']];
}

function kerasTrouble(python: Program): string[] {
  const [command, ...args] = python;
  const asked = spawnSync(command, [...args, '-c', 'import sys; print(*sys.version_info[:2], sep=".")'], {
    encoding: 'utf8',
  });
  const version = asked.stdout.trim();
  const [major, minor] = version.split('.').map(Number);
  const { oldest, newest } = KERAS_PYTHONS;
  if (major === 3 && minor >= oldest && minor <= newest) return [];
  return [`a Python from 3.${oldest} to 3.${newest} for Keras (python3 is ${version}; or leave --with-keras away)`];
}
