import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const source = path.resolve(import.meta.dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));

/** Folders and packages that a file imports, in any form; relative ones from src. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(source, file), 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]);
  return found.map((name) => (name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name));
}

describe('imports go one way', () => {
  it('reads all of the sources', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(importsOf('commands/audit.ts')).toContain('pipeline/run-audit.js');
  });

  it.each(['commands/', 'ui/', 'yargs', 'ink', 'react', 'lilconfig'])(
    'the pipeline imports nothing of %s',
    (forbidden) => {
      const wrong = files
        .filter((file) => file.startsWith('pipeline/'))
        .flatMap((file) =>
          importsOf(file)
            .filter((name) => name.startsWith(forbidden))
            .map((name) => `${file}: ${name}`),
        );
      expect(wrong).toEqual([]);
    },
  );

  it.each(['commands/', 'node:fs', 'sharp', 'onnxruntime'])('the screen imports nothing of %s', (forbidden) => {
    const wrong = files
      .filter((file) => file.startsWith('ui/'))
      .flatMap((file) =>
        importsOf(file)
          .filter((name) => name.startsWith(forbidden))
          .map((name) => `${file}: ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it('what any screen can use knows nothing of the screen of a run', () => {
    const shared = ['ansi-text', 'areas', 'key-names', 'mount', 'painter', 'stage', 'terminal-colours', 'theme'];
    const isShared = (file: string) =>
      /^ui\/screen\/(parts|picture)\//.test(file) ||
      shared.some((name) => file.replace(/\.\w+$/, '') === `ui/screen/${name}`);
    const reusable = files.filter(isShared);
    expect(reusable.length).toBeGreaterThan(15);
    const wrong = reusable.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('ui/screen/') && !isShared(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('checks and metrics know nothing of stages at work, sinks and recipes', () => {
    const wrong = files
      .filter((file) => /^pipeline\/(checks|metrics|dataset)\//.test(file))
      .flatMap((file) =>
        importsOf(file)
          .filter((name) => /^pipeline\/(sinks|run-|judging|measuring)/.test(name))
          .map((name) => `${file}: ${name}`),
      );
    expect(wrong).toEqual([]);
  });
});
